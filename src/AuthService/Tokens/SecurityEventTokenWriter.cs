using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Tokens;

/// <summary>
/// Signs security event tokens (RFC 8417). Their type, and that they have neither <c>sub</c> nor <c>exp</c>, keeps them from being taken for any other
/// token of ours (SSF 1.0, section 4.1).
/// </summary>
internal sealed class SecurityEventTokenWriter(SigningKeyRing ring, TimeProvider clock)
{
    /// <summary>RFC 8417, section 2.3.</summary>
    public const string TokenType = "secevent+jwt";

    private static readonly Dictionary<string, object> Header = new(StringComparer.Ordinal) { [JwtHeaderParameterNames.Typ] = TokenType };

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Receivers check with the published keys: without an active one of those nothing can be signed for them.</summary>
    public bool CanWrite => FindKey() is not null;

    /// <exception cref="InvalidOperationException">No published key is active (<see cref="CanWrite"/>).</exception>
    public string Write(JsonObject claims)
    {
        var key = FindKey() ?? throw new InvalidOperationException("No signing key that is published is active");
        return _handler.CreateToken(claims.ToJsonString(), key.Credentials, Header);
    }

    /// <summary>Of the active keys the one that became active last, shared secrets left out.</summary>
    private SigningKey? FindKey()
    {
        var (keys, now) = (ring.Current, clock.GetUtcNow());
        return keys.All.Where(key => key.Credentials.Key is not SymmetricSecurityKey && keys.StateOf(key, now) is SigningKeyState.Active)
            .OrderByDescending(key => key.ActiveFrom).FirstOrDefault();
    }
}
