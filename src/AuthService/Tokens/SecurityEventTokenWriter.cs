using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Tokens;

/// <summary>
/// Signs security event tokens (RFC 8417). Their type, and the missing <c>sub</c> and <c>exp</c>, prevent confusion with any other token of this service (SSF
/// 1.0, section 4.1).
/// </summary>
internal sealed class SecurityEventTokenWriter(SigningKeyRing ring, TimeProvider clock)
{
    /// <summary>RFC 8417, section 2.3.</summary>
    public const string TokenType = "secevent+jwt";

    private static readonly Dictionary<string, object> Header = new(StringComparer.Ordinal) { [JwtHeaderParameterNames.Typ] = TokenType };

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Whether a published key is active. Receivers verify with the published keys, so nothing can be signed for them without one.</summary>
    public bool CanWrite => FindKey() is not null;

    /// <exception cref="InvalidOperationException">No published key is active (<see cref="CanWrite"/>).</exception>
    public string Write(JsonObject claims)
    {
        var key = FindKey() ?? throw new InvalidOperationException("No signing key that is published is active");
        return _handler.CreateToken(claims.ToJsonString(), key.Credentials, Header);
    }

    /// <summary>Finds the active key that became active last, without shared secrets.</summary>
    private SigningKey? FindKey()
    {
        var (keys, now) = (ring.Current, clock.GetUtcNow());
        return keys.All.Where(key => key.Credentials.Key is not SymmetricSecurityKey && keys.StateOf(key, now) is SigningKeyState.Active)
            .OrderByDescending(key => key.ActiveFrom).FirstOrDefault();
    }
}
