using AuthService.Audit;
using AuthService.Principals;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Sessions;

/// <summary>The only place where a session begins, is used and ends.</summary>
internal sealed class SessionService(
    SessionStore sessions, PrincipalStore principals, AccessTokenIssuer issuer, IOptionsMonitor<SessionOptions> options, TimeProvider clock)
{
    public async Task<StartedSession> StartAsync(SessionStart start, Deed deed)
    {
        var now = clock.GetUtcNow();
        var token = RefreshToken.New();
        var session = New(start.Principal, start.Limits, token, start.Scopes.ToArray(), now) with
        {
            Mode = start.Mode,
            PublicComputer = start.PublicComputer,
            IpAddress = start.IpAddress,
            UserAgent = start.UserAgent,
        };
        await sessions.AddAsync(session, deed.Record(AuditEvents.SignIn, now, start.Principal.Id, sessionId: session.Id));
        return new StartedSession(session, token, issuer.IssueFor(session, start.Principal));
    }

    /// <returns>Null when the session that it comes from ended meanwhile.</returns>
    public async Task<StartedSession?> DelegateAsync(Delegation delegation, Deed deed)
    {
        var now = clock.GetUtcNow();
        var token = RefreshToken.New();
        var limits = SessionLimits.From(options.CurrentValue, publicComputer: false);
        var session = New(delegation.Principal, limits, token, delegation.Scopes, now) with
        {
            Mode = SessionMode.Application,
            AccessTokenLifetime = delegation.AccessTokenLifetime,
            ExtendedByChain = delegation.ExtendedByChain,
            ExtendedFrom = delegation.ExtendedFrom,
        };
        var record = deed.Record(
            AuditEvents.TokenExtended, now, delegation.Principal.Id, sessionId: session.Id, detail: string.Join(' ', delegation.Scopes));
        return await sessions.TryAddDelegatedAsync(session, record)
            ? new StartedSession(session, token, issuer.IssueFor(session, delegation.Principal))
            : null;
    }

    public async Task<RefreshOutcome> RefreshAsync(RefreshToken token, SessionMode mode)
    {
        var now = clock.GetUtcNow();
        if (await sessions.FindByRefreshTokenAsync(token.Hash()) is not var (session, principal))
            return mode is SessionMode.Application ? await RefreshStandingAsync(token) : new RefreshOutcome.Refused();
        if (session.Mode != mode || SessionRules.FindRefusal(session, principal, now) is not null)
            return new RefreshOutcome.Refused();
        if (SessionRules.IsTouchDue(session, now) && !await sessions.TryTouchAsync(session, now))
            return new RefreshOutcome.Refused();
        return new RefreshOutcome.Refreshed(issuer.IssueFor(session, principal));
    }

    /// <returns>False when there is no such session.</returns>
    public Task<bool> SignOutAsync(RefreshToken token, Deed deed) =>
        sessions.TryEndByRefreshTokenAsync(token.Hash(), clock.GetUtcNow(), deed);

    /// <summary>Ends the sessions of these refresh tokens and passes over those that have none.</summary>
    public Task EndAllAsync(IEnumerable<RefreshToken> tokens, Deed deed) =>
        sessions.EndByRefreshTokensAsync([.. tokens.Select(token => token.Hash())], clock.GetUtcNow(), deed);

    public Task EndOwnAsync(Principal principal, Deed deed) => sessions.EndOwnAsync(principal, clock.GetUtcNow(), deed);

    public Task<SessionPage> ListOwnAsync(Principal principal, int itemsPerPage, int page) =>
        sessions.ListOwnAsync(principal, clock.GetUtcNow(), itemsPerPage, page);

    private async Task<RefreshOutcome> RefreshStandingAsync(RefreshToken token) =>
        await principals.FindByRefreshTokenAsync(token.Hash()) is { State: PrincipalState.Enabled } principal
            ? new RefreshOutcome.Refreshed(issuer.IssueFor(principal))
            : new RefreshOutcome.Refused();

    private static Session New(Principal principal, SessionLimits limits, RefreshToken token, string[] scopes, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        PrincipalNumber = principal.Number,
        SecurityStamp = principal.SecurityStamp,
        CreatedAt = now,
        LastUsedAt = now,
        SuspendAt = SessionRules.SuspendAt(now, limits.IdleTimeout, now + limits.Lifetime),
        ExpireAt = now + limits.Lifetime,
        IdleTimeout = limits.IdleTimeout,
        RefreshTokenHash = token.Hash(),
        Scopes = scopes,
    };
}
