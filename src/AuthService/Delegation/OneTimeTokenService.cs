using System.Diagnostics;
using AuthService.Audit;
using AuthService.Refusals;
using AuthService.Sessions.AccessTokens;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Delegation;

internal abstract record OneTimeTokenOutcome
{
    private OneTimeTokenOutcome()
    {
    }

    internal sealed record Issued(string AccessToken, string Jti) : OneTimeTokenOutcome;

    internal sealed record Refused(RefusalReason Reason) : OneTimeTokenOutcome;
}

/// <summary>Issues tokens for one use, and stores which of them were claimed.</summary>
internal sealed class OneTimeTokenService(
    ClaimedTokenStore claims, DerivedTokenIssuer tokens, OneTimeTokenReports reports, IOptionsMonitor<JwtOptions> options, TimeProvider clock)
{
    /// <summary>Issues a token with the session and the chain of the caller's token.</summary>
    public async Task<OneTimeTokenOutcome> IssueAsync(VerifiedToken bearer, ScopeSet audience, AuditActor by)
    {
        if (!ScopeSet.TryParse(bearer.Token.Scopes, out var held) || !held.Covers(audience))
        {
            await reports.RecordRefusedAsync(RefusalReason.ScopeNotCovered, bearer, audience, by);
            return Refuse(RefusalReason.ScopeNotCovered, bearer, audience);
        }

        var jti = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
        var grant = new TokenGrant(audience.ToArray(), options.CurrentValue.OneTimeTokenLifetime)
        {
            ExtendedByChain = bearer.Token.ExtendedByChain,
            Jti = jti,
        };
        return await tokens.IssueAsync(bearer, grant, AuditEvents.OneTimeTokenIssued, jti, by) switch
        {
            DerivedToken.Issued(var token) => new OneTimeTokenOutcome.Issued(token, jti),
            DerivedToken.Refused(var reason) => Refuse(reason, bearer, audience),
            var other => throw new UnreachableException($"{other}"),
        };
    }

    /// <returns>False when the <c>jti</c> was claimed before, by anybody.</returns>
    public async Task<bool> TryClaimAsync(string jti, AuditActor by)
    {
        var now = clock.GetUtcNow();
        var claimed = await claims.TryClaimAsync(jti, now, now + options.CurrentValue.ClaimRetention, by);
        if (!claimed)
            reports.NoteClaimed(jti);
        return claimed;
    }

    private OneTimeTokenOutcome.Refused Refuse(RefusalReason reason, VerifiedToken bearer, ScopeSet audience)
    {
        reports.NoteRefused(reason, bearer, audience);
        return new OneTimeTokenOutcome.Refused(reason);
    }
}
