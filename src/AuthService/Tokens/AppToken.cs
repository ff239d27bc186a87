namespace AuthService.Tokens;

/// <summary>What a consumer of an application shows: it speaks for that application and for nothing else.</summary>
internal sealed class AppToken : OpaqueSecret
{
    private const string Prefix = "appsk_";

    private AppToken(string text)
        : base(text, Prefix)
    {
    }

    public static AppToken New() => new(Generate(Prefix));

    /// <returns>Null when the text has not the form of an app token.</returns>
    public static AppToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new AppToken(text) : null;
}
