namespace AuthService.Tokens;

/// <summary>What a service may show instead of an access token. It does not expire; it is revoked.</summary>
internal sealed class ApiKey : OpaqueSecret
{
    private const string Prefix = "sk_";

    private ApiKey(string text)
        : base(text, Prefix)
    {
    }

    public static ApiKey New() => new(Generate(Prefix));

    /// <returns>Null when the text has not the form of an API key.</returns>
    public static ApiKey? TryParse(string? text) => IsWellFormed(text, Prefix) ? new ApiKey(text) : null;
}
