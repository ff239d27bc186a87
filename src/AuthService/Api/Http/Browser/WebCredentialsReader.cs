using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Refusals;
using AuthService.Tokens;

namespace AuthService.Api.Http.Browser;

/// <summary>
/// The credentials with which a page uses its cookie: the cookie, the CSRF token and a trusted origin. All three are checked without the store.
/// </summary>
/// <param name="Token">The refresh token; null when the text of the cookie cannot be one.</param>
internal sealed record WebCredentials(RefreshToken? Token);

internal sealed class WebCredentialsReader : IInputReader<WebCredentials>
{
    public static ApiError NoCookie => ApiError.BadRequest("The refresh cookie is missing");

    public static ApiError NoCsrfToken => ApiError.BadRequest($"The {PublicNames.CsrfHeader} header is missing");

    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(
        new ReadsParameter(PublicNames.CsrfHeader,
            "The csrfToken that came with the sign-in; the refresh cookie and a trusted Origin come from the browser")
        { InHeader = true, Required = true });

    public static ValueTask<ReadResult<WebCredentials>> ReadAsync(HttpContext context)
    {
        var cookie = context.RequestServices.GetRequiredService<RefreshCookie>().Find(context.Request);
        var token = RefreshToken.TryParse(cookie);
        var fault = OriginFaults.FindOfCookie(context) ?? FindCsrfFault(context.Request, cookie, token);
        return ValueTask.FromResult(fault is null ? new ReadResult<WebCredentials>(new WebCredentials(token)) : fault);
    }

    private static ApiError? FindCsrfFault(HttpRequest request, string? cookie, RefreshToken? token)
    {
        if (cookie is null)
            return NoCookie;
        if (request.Headers[PublicNames.CsrfHeader] is not [{ Length: > 0 } csrfToken])
            return NoCsrfToken;
        return token is null || CsrfToken.Matches(token, csrfToken)
            ? null
            : ApiError.FromStatus(StatusCodes.Status401Unauthorized) with { Note = new RefusalNote(RefusalReason.WrongCsrfToken) };
    }
}
