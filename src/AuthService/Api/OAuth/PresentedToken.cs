using System.Reflection;
using AuthService.Api.Http;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.OAuth;

/// <summary>The kinds of token that can be looked into and revoked. Their forms tell them apart, so each is looked up in one place only.</summary>
internal abstract record PresentedToken
{
    private PresentedToken()
    {
    }

    public static PresentedToken Of(string text) =>
        RefreshToken.TryParse(text) is { } refreshToken ? new Refresh(refreshToken)
        : AppToken.TryParse(text) is { } appToken ? new App(appToken)
        : ApiKey.TryParse(text) is not null ? new Key()
        : text.Count(c => c == '.') == 2 ? new Access(text)
        : new Unknown();

    internal sealed record Refresh(RefreshToken Token) : PresentedToken;

    internal sealed record App(AppToken Token) : PresentedToken;

    /// <summary>An API key, which is none of the tokens that these endpoints are for.</summary>
    internal sealed record Key : PresentedToken;

    /// <summary>It has the form of a JWT.</summary>
    internal sealed record Access(string Text) : PresentedToken;

    internal sealed record Unknown : PresentedToken;
}

/// <summary>
/// The form that both endpoints take: <c>token</c> and <c>token_type_hint</c>, of which the second is passed over: the form
/// of a token says more.
/// </summary>
internal sealed class TokenInput : IBoundInput, IBindableFromHttpContext<TokenInput>, IEndpointParameterMetadataProvider
{
    private const string ContentType = "application/x-www-form-urlencoded";

    private readonly PresentedToken? _token;

    private TokenInput(PresentedToken? token, ApiError? fault) => (_token, Fault) = (token, fault);

    public static ApiError Missing => ApiError.BadRequest("token is missing in the form");

    public ApiError? Fault { get; }

    public PresentedToken Token => _token ?? throw new InvalidOperationException("The form could not be read");

    public static async ValueTask<TokenInput?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasFormContentType)
            return new TokenInput(null, ApiError.BadRequest($"A form is needed (Content-Type: {ContentType})"));
        var (form, fault) = await FormBody.ReadAsync(context);
        if (form is null)
            return new TokenInput(null, fault);
        return form["token"] is [{ Length: > 0 } text]
            ? new TokenInput(PresentedToken.Of(text), fault: null)
            : new TokenInput(null, Missing);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata([ContentType], typeof(TokenRequest)));
}
