using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions.AccessTokens;
using AuthService.Sessions.Refresh;
using AuthService.Sessions.Revoking;
using AuthService.Sessions.Rules;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Sessions;

internal abstract record DelegateOutcome
{
    private DelegateOutcome()
    {
    }

    internal sealed record Delegated(StartedSession Started) : DelegateOutcome;

    /// <summary>
    /// With <see cref="RefusalReason.TokenTooLong"/>, the access token would be longer than this service accepts, or the chain longer than it can store. With
    /// <see cref="RefusalReason.SessionChanged"/>, the source session was revoked in the meantime, its owner was changed, or an extending service was disabled.
    /// </summary>
    internal sealed record Refused(RefusalReason Reason) : DelegateOutcome;
}

/// <summary>Starts, delegates, enables and gets sessions. <see cref="RefreshService"/> uses them and <see cref="SessionRevocation"/> revokes them.</summary>
internal sealed class SessionService(SessionStore sessions, AccessTokenIssuer issuer, IOptionsMonitor<SessionOptions> options, TimeProvider clock)
{
    /// <returns>The result, and the session when it was started.</returns>
    public async Task<(SessionStartResult Result, StartedSession? Started)> TryStartAsync(SessionStart start, AuditActor by)
    {
        var now = clock.GetUtcNow();
        var token = RefreshToken.New();
        var session = New(start.Principal, start.Limits, start.Scopes.ToArray(), now) with
        {
            RefreshTokenHash = token.Hash(),
            Mode = start.Mode,
            AuthenticatedAt = now,
            AuthenticationMethods = start.Methods,
            SsoProvider = start.Sso?.Provider,
            SsoIdentifier = start.Sso?.Identifier,
            SsoSessionId = start.Sso?.SessionId,
            PublicComputer = start.PublicComputer,
            IpAddress = start.IpAddress,
            UserAgent = start.UserAgent,
            Location = start.Location,
        };
        var entry = new AuditDraft(by, AuditEvents.SignIn, start.Principal.Id) { SessionId = session.Id, Detail = string.Join(' ', start.Methods) };
        var result = await sessions.TryStartAsync(session, entry, start);
        return result is SessionStartResult.Started
            ? (result, new StartedSession(session, token, issuer.IssueFor(new SessionWithPrincipals(session, start.Principal, Actor: null))))
            : (result, null);
    }

    public async Task<DelegateOutcome> DelegateAsync(SessionDelegation delegation, AuditActor by)
    {
        var (source, now) = (delegation.Source, clock.GetUtcNow());
        var token = RefreshToken.New();
        var limits = SessionLimits.From(options.CurrentValue, publicComputer: false);
        var session = New(delegation.Principal, limits, delegation.Scopes, now) with
        {
            RefreshTokenHash = token.Hash(),
            Mode = SessionMode.Application,
            AccessTokenLifetime = delegation.AccessTokenLifetime,
            ExtendedByChain = delegation.ExtendedByChain,
            ExtendedFrom = source.Id,
            Ancestors = [.. source.Ancestors ?? [], source.Id],
            RootId = source.RootId ?? source.Id,
            AuthenticatedAt = source.ProvedAt,
            AuthenticationMethods = source.AuthenticationMethods,
        };
        var accessToken = issuer.IssueFor(new SessionWithPrincipals(session, delegation.Principal, Actor: null));
        if (accessToken.Length > AccessTokenWriter.MaximumLength || Session.IsTooLong(delegation.ExtendedByChain))
            return new DelegateOutcome.Refused(RefusalReason.TokenTooLong);
        var entry = new AuditDraft(by, AuditEvents.SessionDelegated, delegation.Principal.Id)
        {
            SessionId = session.Id,
            Detail = string.Join(' ', delegation.Scopes),
        };
        return await sessions.TryAddDelegatedAsync(session, delegation.Principal, entry)
            ? new DelegateOutcome.Delegated(new StartedSession(session, token, accessToken))
            : new DelegateOutcome.Refused(RefusalReason.SessionChanged);
    }

    /// <param name="id">The id of the session.</param>
    /// <param name="keepAlive">Whether this counts as use, which moves the idle time-out of a session that is not suspended.</param>
    /// <returns>Null when it is unknown, expired or deleted.</returns>
    public async Task<SessionDetails?> GetAsync(Guid id, bool keepAlive)
    {
        var now = UnixMicroseconds.Rounded(clock.GetUtcNow());
        var details = await FindAsync(id, now);
        if (details is null || !keepAlive || SessionRules.StateOf(details.Owned, now) is SessionState.Suspended)
            return details;
        var session = details.Owned.Session;
        if (await sessions.TryTouchAsync(session, now))
            return details with { Owned = details.Owned with { Session = SessionRules.Touched(session, now) } };
        var changed = await FindAsync(id, now);
        return changed is not null && changed.Owned.Session.PrincipalNumber != session.PrincipalNumber ? await GetAsync(id, keepAlive) : null;
    }

    /// <returns>False when it is unknown, expired or deleted.</returns>
    public async Task<bool> EnableAsync(Guid id, AuditActor by)
    {
        var now = clock.GetUtcNow();
        if (await FindAsync(id, now) is not { Owned: var owned })
            return false;
        return SessionRules.IsActive(owned, now)
            || await sessions.TryEnableAsync(owned.Session, now, new AuditDraft(by, AuditEvents.SessionEnabled, owned.Principal.Id) { SessionId = id })
            || await FindAsync(id, now) is not null; // another request enabled it at the same moment
    }

    private async Task<SessionDetails?> FindAsync(Guid id, DateTimeOffset now) =>
        await sessions.FindDetailsAsync(id) is { } details && SessionRules.IsValid(details.Owned, now) ? details : null;

    /// <summary>Creates an enabled session of a principal, which is not stored yet.</summary>
    public static Session New(Principal principal, SessionLimits limits, string[] scopes, DateTimeOffset at)
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
