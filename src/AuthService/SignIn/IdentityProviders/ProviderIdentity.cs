using AuthService.Principals;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>An account at a provider, proved by a valid ID token.</summary>
/// <param name="Issuer">The issuer identifier of the provider.</param>
/// <param name="Subject">The permanent id of the account at the provider, which is never an address.</param>
/// <param name="Claims">The other claims.</param>
internal sealed record ProviderIdentity(string Issuer, string Subject, ProviderClaims Claims)
{
    /// <summary>The longest subject (OpenID Connect Core 1.0, section 2); it is also applied to the session id.</summary>
    private const int LongestId = 255;

    /// <summary>The id of the session at the provider, which the provider uses to end it (OpenID Connect Back-Channel Logout 1.0).</summary>
    public string? SessionId { get; private init; }

    /// <exception cref="ProviderException">The token has no issuer, subject or session id that can be stored.</exception>
    public static ProviderIdentity Of(ProviderClaims claims)
    {
        var (issuer, subject, session) = (claims.FindOfToken("iss"), claims.FindOfToken("sub"), claims.FindOfToken("sid"));
        if (!IsId(issuer) || !IsId(subject))
            throw new ProviderException($"the ID token has no sub of 1 to {LongestId} characters");
        if (session is not null && !IsId(session))
            throw new ProviderException($"the ID token has no sid of 1 to {LongestId} characters");
        return new ProviderIdentity(issuer!, subject!, claims) { SessionId = session };
    }

    public static bool IsId(string? text) =>
        text is { Length: > 0 and <= LongestId } && !text.Any(char.IsControl) && UnicodeText.IsWellFormed(text);
}
