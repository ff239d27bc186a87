namespace AuthService.Tokens;

/// <summary>The secret of a session, and the standing credential of a service or provider.</summary>
internal sealed class RefreshToken : OpaqueSecret
{
    private const string Prefix = "rt_";

    private RefreshToken(string text)
        : base(text, Prefix)
    {
    }

    public static RefreshToken New() => new(Generate(Prefix));

    /// <returns>Null when the text has not the form of a refresh token.</returns>
    public static RefreshToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new RefreshToken(text) : null;
}
