using AuthService.Tokens;

namespace AuthService.Api.OAuth;

/// <summary>A token to introspect or revoke. Each kind is recognised by its form, so that it is looked up in only one place.</summary>
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

    /// <summary>An API key, which these endpoints do not accept.</summary>
    internal sealed record Key : PresentedToken;

    /// <summary>A text that has the form of a JWT.</summary>
    internal sealed record Access(string Text) : PresentedToken;

    internal sealed record Unknown : PresentedToken;
}
