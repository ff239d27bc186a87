using System.Reflection;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http;

/// <summary>
/// What a page of ours sends to use its cookie: the cookie itself, the CSRF token and a trusted origin. By the time a
/// handler sees it all three have been checked, without the store.
/// </summary>
internal sealed class WebCredentials : IBoundInput, IBindableFromHttpContext<WebCredentials>, IEndpointParameterMetadataProvider
{
    public const string CsrfHeader = "X-CSRFToken";

    public static ApiError NoOrigin => ApiError.BadRequest("A valid Origin or Referer header is needed");

    public static ApiError NoCookie => ApiError.BadRequest("The refresh cookie is missing");

    public static ApiError NoCsrfToken => ApiError.BadRequest($"The {CsrfHeader} header is missing");

    public static ApiError UntrustedOrigin => new(StatusCodes.Status403Forbidden, ErrorCodes.UntrustedOrigin, "This origin is not trusted");

    private WebCredentials(RefreshToken? token, ApiError? fault) => (Token, Fault) = (token, fault);

    public ApiError? Fault { get; }

    /// <summary>Null when the cookie holds something that no session ever had.</summary>
    public RefreshToken? Token { get; }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(
        new ReadsParameter(CsrfHeader, "The csrfToken that came with the sign-in; the refresh cookie and a trusted Origin come from the browser") { InHeader = true, Required = true });

    public static ValueTask<WebCredentials?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var cookie = context.RequestServices.GetRequiredService<RefreshCookie>().Find(context.Request);
        var token = RefreshToken.TryParse(cookie);
        var fault = FindOriginFault(context) ?? FindCsrfFault(context.Request, cookie, token);
        return ValueTask.FromResult<WebCredentials?>(new WebCredentials(token, fault));
    }

    private static ApiError? FindOriginFault(HttpContext context)
    {
        var verdict = context.RequestServices.GetRequiredService<TrustedOrigins>().Judge(context.Request);
        if (verdict is OriginVerdict.Missing or OriginVerdict.Malformed)
            return NoOrigin;
        return verdict is OriginVerdict.Untrusted || TrustedOrigins.IsCrossSite(context.Request)
            ? UntrustedOrigin
            : null;
    }

    private static ApiError? FindCsrfFault(HttpRequest request, string? cookie, RefreshToken? token)
    {
        if (cookie is null)
            return NoCookie;
        if (request.Headers[CsrfHeader] is not [{ Length: > 0 } csrfToken])
            return NoCsrfToken;
        return token is null || CsrfToken.Matches(token, csrfToken) ? null : ApiError.FromStatus(StatusCodes.Status401Unauthorized);
    }
}
