using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;
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
        var session = New(start.Principal, start.Limits, start.Scopes.ToArray(), now) with
        {
            RefreshTokenHash = token.Hash(),
            Mode = start.Mode,
            PublicComputer = start.PublicComputer,
            IpAddress = start.IpAddress,
            UserAgent = start.UserAgent,
            Location = start.Location,
        };
        await sessions.AddAsync(session, deed.Record(AuditEvents.SignIn, now, start.Principal.Id, sessionId: session.Id));
        return new StartedSession(session, token, issuer.IssueFor(new OwnedSession(session, start.Principal, Actor: null)));
    }

    /// <returns>Null when the session that it comes from ended meanwhile.</returns>
    public async Task<StartedSession?> DelegateAsync(Delegation delegation, Deed deed)
    {
        var now = clock.GetUtcNow();
        var token = RefreshToken.New();
        var limits = SessionLimits.From(options.CurrentValue, publicComputer: false);
        var session = New(delegation.Principal, limits, delegation.Scopes, now) with
        {
            RefreshTokenHash = token.Hash(),
            Mode = SessionMode.Application,
            AccessTokenLifetime = delegation.AccessTokenLifetime,
            ExtendedByChain = delegation.ExtendedByChain,
            ExtendedFrom = delegation.ExtendedFrom,
        };
        var record = deed.Record(
            AuditEvents.TokenExtended, now, delegation.Principal.Id, sessionId: session.Id, detail: string.Join(' ', delegation.Scopes));
        return await sessions.TryAddDelegatedAsync(session, record)
            ? new StartedSession(session, token, issuer.IssueFor(new OwnedSession(session, delegation.Principal, Actor: null)))
            : null;
    }

    /// <summary>A session without tokens, for an internal service that watches it.</summary>
    public async Task<OpenOutcome> OpenAsync(SessionOpening opening, Deed deed)
    {
        var settings = options.CurrentValue;
        if (opening.CookieDomain is { } domain && !settings.CookieDomains.Contains(domain, StringComparer.OrdinalIgnoreCase))
            return new OpenOutcome.InvalidCookieDomain();
        if (await principals.FindPersonAsync(opening.UserUuid) is not { State: not PrincipalState.Deleted } user)
            return new OpenOutcome.UnknownUser();
        if (FindRefusal(user) is { } refusal)
            return refusal;

        var now = clock.GetUtcNow();
        var session = New(user, SessionLimits.From(settings, opening.PublicComputer), ScopeSet.AllWrite.ToArray(), now) with
        {
            State = opening.Enable ? SessionState.Enabled : SessionState.New,
            SsoProvider = opening.SsoProvider,
            SsoIdentifier = opening.SsoIdentifier,
            PublicComputer = opening.PublicComputer,
            MobileDevice = opening.MobileDevice,
            CookieDomain = opening.CookieDomain,
        };
        await sessions.AddAsync(session, deed.Record(AuditEvents.SessionOpened, now, user.Id, sessionId: session.Id));
        return new OpenOutcome.Opened(new OwnedSession(session, user, Actor: null));
    }

    /// <param name="id">The session.</param>
    /// <param name="keepAlive">Counts as use: moves the idle time of a session that is not suspended.</param>
    /// <returns>Null when it is unknown, expired or deleted.</returns>
    public async Task<SessionView?> LookAsync(Guid id, bool keepAlive)
    {
        var now = UnixMicroseconds.Rounded(clock.GetUtcNow());
        var view = await FindAsync(id, now);
        if (view is null || !keepAlive || SessionRules.StateOf(view.Owned, now) is SessionState.Suspended)
            return view;
        var session = view.Owned.Session;
        return await sessions.TryTouchAsync(session, now) ? view with { Owned = view.Owned with { Session = SessionRules.Touched(session, now) } } : null;
    }

    /// <returns>False when it is unknown, expired or deleted.</returns>
    public async Task<bool> EnableAsync(Guid id, Deed deed)
    {
        var now = clock.GetUtcNow();
        if (await FindAsync(id, now) is not { Owned: var owned })
            return false;
        return SessionRules.IsUsable(owned, now)
            || await sessions.TryEnableAsync(owned.Session, now, deed.Record(AuditEvents.SessionEnabled, now, owned.Principal.Id, sessionId: id))
            || await FindAsync(id, now) is not null; // somebody else enabled it at the same moment
    }

    private static OpenOutcome? FindRefusal(Principal user) => user switch
    {
        { State: not PrincipalState.Enabled } => new OpenOutcome.UserNotEnabled(),
        { AgreementAccepted: false } => new OpenOutcome.AgreementRequested(),
        { PasswordResetRequested: true } => new OpenOutcome.PasswordResetRequested(),
        _ => null,
    };

    private async Task<SessionView?> FindAsync(Guid id, DateTimeOffset now) =>
        await sessions.FindViewAsync(id) is { } view
        && SessionRules.StateOf(view.Owned, now) is not (SessionState.Expired or SessionState.Deleted)
            ? view
            : null;

    private static Session New(Principal principal, SessionLimits limits, string[] scopes, DateTimeOffset at)
    {
        var now = UnixMicroseconds.Rounded(at);
        return new Session
        {
            Id = Guid.CreateVersion7(now),
            PrincipalNumber = principal.Number,
            SecurityStamp = principal.SecurityStamp,
            CreatedAt = now,
            LastUsedAt = now,
            SuspendAt = SessionRules.SuspendAt(now, limits.IdleTimeout, now + limits.Lifetime),
            ExpireAt = now + limits.Lifetime,
            IdleTimeout = limits.IdleTimeout,
            Scopes = scopes,
        };
    }
}
