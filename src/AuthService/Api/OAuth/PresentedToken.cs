using AuthService.Tokens;

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
