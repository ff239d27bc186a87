using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Tokens;

/// <summary>
/// Signs receipts of revocations with the key of access tokens, so that everybody who can verify those can verify these. Their type, and the missing <c>sub</c>
/// and <c>exp</c>, prevent confusion with any other token of this service (RFC 8725, section 3.11).
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
