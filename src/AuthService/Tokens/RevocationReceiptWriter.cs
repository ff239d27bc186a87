using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Tokens;

/// <summary>
/// Signs receipts of revocations with the key of access tokens: whoever can check those can check these. Their type, and that they have neither
/// <c>sub</c> nor <c>exp</c>, keeps them from being taken for any other token of ours (RFC 8725, section 3.11).
/// </summary>
internal sealed class RevocationReceiptWriter(SigningKeyRing ring, TimeProvider clock)
{
    public const string TokenType = "revocation-receipt+jwt";

    private static readonly Dictionary<string, object> Header = new(StringComparer.Ordinal) { [JwtHeaderParameterNames.Typ] = TokenType };

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <returns>Null while no key is active; the service reports itself as not ready then.</returns>
    public string? TryWrite(string claims) =>
        ring.Current.FindActive(clock.GetUtcNow()) is { } key ? _handler.CreateToken(claims, key.Credentials, Header) : null;
}
