using AuthService.Principals;
using AuthService.Tokens;

namespace AuthService.Sessions;

/// <summary>New access tokens for refresh tokens: of sessions, and of services and providers, whose tokens stand for themselves.</summary>
internal sealed class RefreshService(SessionStore sessions, PrincipalStore principals, AccessTokenIssuer issuer, SessionMetrics metrics, TimeProvider clock)
{
    public async Task<RefreshOutcome> RefreshAsync(RefreshToken token, SessionMode mode)
    {
        var outcome = await DecideAsync(token, mode);
        metrics.Refreshed(outcome is RefreshOutcome.Refreshed);
        return outcome;
    }

    private async Task<RefreshOutcome> DecideAsync(RefreshToken token, SessionMode mode)
    {
        var now = clock.GetUtcNow();
        if (await sessions.FindByRefreshTokenAsync(token.Hash()) is not { } owned)
            return mode is SessionMode.Application ? await RefreshStandingAsync(token) : new RefreshOutcome.Refused();
        if (owned.Session.Mode != mode || !SessionRules.IsUsable(owned, now))
            return new RefreshOutcome.Refused();
        if (SessionRules.IsTouchDue(owned.Session, now) && !await sessions.TryTouchAsync(owned.Session, now))
            return new RefreshOutcome.Refused();
        return new RefreshOutcome.Refreshed(issuer.IssueFor(owned));
    }

    private async Task<RefreshOutcome> RefreshStandingAsync(RefreshToken token) =>
        await principals.FindByRefreshTokenAsync(token.Hash()) is { State: PrincipalState.Enabled } principal
            ? new RefreshOutcome.Refreshed(issuer.IssueFor(principal))
            : new RefreshOutcome.Refused();
}
