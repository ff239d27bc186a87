using AuthService.Audit;
using AuthService.Sessions;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Delegation;

/// <summary>Issues tokens that are good for one use, and keeps the list of those that were used.</summary>
internal sealed class OneTimeTokenService(
    ClaimStore claims, AccessTokenIssuer issuer, AuditLog audit, IOptionsMonitor<JwtOptions> options, TimeProvider clock)
{
    /// <summary>The token keeps the session and the chain of the one it is asked with.</summary>
    public async Task<OneTimeTokenOutcome> IssueAsync(VerifiedToken bearer, ScopeSet audience, Deed deed)
    {
        if (!ScopeSet.TryParse(bearer.Token.Scopes, out var held) || !held.Covers(audience))
            return new OneTimeTokenOutcome.NotCovered();
        var jti = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
        var token = issuer.Issue(bearer.Principal, new TokenGrant(audience.ToArray(), options.CurrentValue.OneTimeTokenLifetime)
        {
            SessionId = bearer.Token.SessionId,
            NotAfter = bearer.Session?.ExpireAt,
            ExtendedByChain = bearer.Token.ExtendedByChain,
            Actor = bearer.Actor?.Id,
            Jti = jti,
        });
        if (token.Length > AccessTokenWriter.MaximumLength)
            return new OneTimeTokenOutcome.TooLong();
        await audit.WriteAsync(deed, AuditEvents.OneTimeTokenIssued, bearer.Principal.Id, bearer.Token.SessionId, jti);
        return new OneTimeTokenOutcome.Issued(token, jti);
    }

    /// <returns>False when the <c>jti</c> was claimed before, by anybody.</returns>
    public Task<bool> TryClaimAsync(string jti, Deed deed)
    {
        var now = clock.GetUtcNow();
        return claims.TryClaimAsync(jti, now, now + options.CurrentValue.ClaimRetention, deed);
    }
}
