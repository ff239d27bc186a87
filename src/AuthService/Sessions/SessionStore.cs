using System.Linq.Expressions;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Revocations;
using AuthService.Sessions.Products;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace AuthService.Sessions;

/// <summary>Finds single sessions, adds and changes them. <see cref="SessionLists"/> lists them, <see cref="SessionRevocation"/> revokes them.</summary>
internal sealed class SessionStore(Store store, SessionLookUps lookUps, SessionChanges changes, SessionReports reports, TimeProvider clock)
{
    public Task<SessionWithPrincipals?> FindByRefreshTokenAsync(byte[] hash) => lookUps.ByRefreshToken.ExecuteAsync(store, hash);

    public Task<SessionWithPrincipals?> FindByIdAsync(Guid id) => lookUps.ById.ExecuteAsync(store, id);

    public Task<SessionDetails?> FindDetailsAsync(Guid id) => lookUps.DetailsById.ExecuteAsync(store, id);

    /// <param name="session">The new session.</param>
    /// <param name="entry">Made of the time at which it is written, as everywhere here.</param>
    /// <param name="by">Who opens it.</param>
    /// <returns>False when its owner is not who they were any more.</returns>
    public async Task<bool> TryAddAsync(Session session, Func<DateTimeOffset, AuditEntry> entry, AuditActor by)
    {
        var added = await store.InTransactionOfAsync(by, clock, async now =>
        {
            if (!await store.TryHoldOwnerAsync(session, RowLock.AgainstChange))
                return false;
            await store.InsertAsync(session, entry(now));
            return true;
        }, parties: $"number = {session.PrincipalNumber}");
        if (added)
            reports.Metrics.Started(session);
        return added;
    }

    /// <summary>Adds the session of a sign-in, together with what the sign-in uses up and with the end of the session that it replaces.</summary>
    public async Task<SessionStartResult> TryStartAsync(Session session, Func<DateTimeOffset, AuditEntry> entry, SessionStart start, AuditActor by)
    {
        var (result, replaced) = await store.InTransactionOfAsync(
            by,
            clock,
            async now =>
            {
                if (!await store.TryHoldOwnerAsync(session, RowLock.Exclusive))
                    return (SessionStartResult.PrincipalChanged, 0);
                if (start.Consume is { } consume && !await consume())
                    return (SessionStartResult.UsedUp, 0);
                var ended = start.Replaced is { } token && await TryReplaceAsync(token.Hash(), by, now);
                await store.InsertAsync(session, entry(now));
                return (SessionStartResult.Started, ended ? 1 : 0);
            },
            outcome => outcome.Item1 is SessionStartResult.Started);
        if (result is SessionStartResult.Started)
            reports.Metrics.Started(session);
        reports.Metrics.Ended(replaced, SessionMetrics.SignedOut);
        return result;
    }

    /// <summary>
    /// Adds a session that was made from another one, unless that one has been revoked, its owner was changed, or one of the services that it is for was
    /// disabled, in the meantime: what was acknowledged must not be outlived by a delegation that began before it.
    /// </summary>
    public async Task<bool> TryAddDelegatedAsync(Session session, Principal owner, Func<DateTimeOffset, AuditEntry> entry, AuditActor by)
    {
        string[] parties = [owner.Id, .. session.ExtendedByChain!];
        var added = await store.InTransactionOfAsync(by, clock, async now =>
        {
            if (!await store.TryHoldPartiesAsync(parties, owner) || !await TryHoldAsync(session.ExtendedFrom!.Value))
                return false;
            await store.InsertAsync(session, entry(now));
            return true;
        }, parties: $"id {store.Among(parties)}");
        if (added)
            reports.Metrics.Started(session);
        return added;
    }

    /// <summary>Does something in a transaction in which nobody can disable or delete those who narrow a token: whoever does so later must see it.</summary>
    /// <param name="chain">Their ids, without that of whoever does it.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="unit">What it is.</param>
    /// <returns>Null when one of them is disabled or deleted.</returns>
    public Task<T?> WithExtendersAsync<T>(string[] chain, AuditActor by, Func<Task<T>> unit)
        where T : class =>
        store.InTransactionOfAsync(
            by,
            clock,
            async _ => chain is [] || await store.TryHoldPartiesAsync(chain, owner: null) ? await unit() : null,
            parties: $"id {store.Among(chain)}");

    /// <param name="chain">The ids of those who narrowed a session or a token.</param>
    /// <returns>The first that is disabled or deleted, so that nothing of the chain holds; null when there is none.</returns>
    public async Task<Principal?> FindRevokedExtenderAsync(string[] chain)
    {
        foreach (var id in chain.Distinct(StringComparer.Ordinal))
        {
            if (await lookUps.Extender.ExecuteAsync(store, id) is { State: not PrincipalState.Enabled } revoked)
                return revoked;
        }

        return null;
    }

    /// <summary>Keeps the session from being revoked until the transaction is over.</summary>
    public Task<bool> TryHoldAsync(Guid id) => store.TryHoldAsync($"sessions WHERE id = {id}", RowLock.AgainstDeletion);

    /// <summary>Keeps in mind until when a token may be shown that was made from one of the session's and lives longer than those.</summary>
    /// <returns>False when the session has been revoked, or acts as somebody else by now.</returns>
    public async Task<bool> TryNoteTokenAsync(Session session, DateTimeOffset expiresAt)
    {
        var until = UnixMicroseconds.From(expiresAt);
        return await store.WriteAsync(
            $"""
            UPDATE sessions SET tokens_until = CASE WHEN tokens_until > {until} THEN tokens_until ELSE {until} END
            WHERE id = {session.Id} AND principal_number = {session.PrincipalNumber}
            """) == 1;
    }

    /// <summary>Keeps the session from being revoked, and from changing whom it acts as, until the transaction is over.</summary>
    /// <returns>False when it has been revoked, or acts as somebody else than when it was found.</returns>
    public Task<bool> TryHoldIdentityAsync(Session session) => store.TryHoldAsync(
        $"sessions WHERE id = {session.Id} AND principal_number = {session.PrincipalNumber}", RowLock.AgainstChange);

    /// <summary>The same, whomever it acts as.</summary>
    public Task<bool> TryHoldIdentityAsync(Guid id) => store.TryHoldAsync($"sessions WHERE id = {id}", RowLock.AgainstChange);

    /// <returns>False when the session has been revoked, suspended or has expired in the meantime, or acts as somebody else by now.</returns>
    public Task<bool> TryTouchAsync(Session session, DateTimeOffset now) => changes.Touch.ExecuteAsync(store, SessionRules.Touched(session, now));

    /// <summary>Makes a new or suspended session usable, from now on. Places that it had in products may be taken by now, so it has none.</summary>
    public Task<bool> TryEnableAsync(Session session, DateTimeOffset now, Func<DateTimeOffset, AuditEntry> entry, AuditActor by)
    {
        var touched = SessionRules.Touched(session, now);
        return TryChangeAsync(
            session.Id,
            s => s.ExpireAt > now && (s.State != SessionState.Enabled || s.SuspendAt <= now),
            set => set
                .SetProperty(s => s.State, SessionState.Enabled)
                .SetProperty(s => s.LastUsedAt, touched.LastUsedAt).SetProperty(s => s.SuspendAt, touched.SuspendAt),
            entry,
            by);
    }

    /// <summary>The person has proved once more who they are; inside the caller's transaction, which writes the audit entry.</summary>
    /// <returns>False when the session has been revoked, or acts as somebody else.</returns>
    public async Task<bool> TryProveWithinAsync(Session session, DateTimeOffset? at, string[] methods) => await store.WriteAsync(db => db.Set<Session>()
        .Where(s => s.Id == session.Id && s.PrincipalNumber == session.PrincipalNumber && s.ActorNumber == null
            && s.SecurityStamp == session.SecurityStamp)
        .ExecuteUpdateAsync(set => set
            .SetProperty(s => s.AuthenticatedAt, at).SetProperty(s => s.AuthenticationMethods, methods))) == 1;

    /// <summary>From here on the session acts as somebody else; its principal becomes the actor.</summary>
    /// <returns>False when the session has changed or was revoked, or the right to it was taken away, in the meantime.</returns>
    public Task<bool> TryImpersonateAsync(ImpersonationStart start, DateTimeOffset now, AuditActor by) => store.InTransactionOfAsync(by, clock, async _ =>
    {
        var (owned, target, service) = start;
        var session = owned.Session;
        var begins = await store.TryHoldBothAsync(session, target) && await TryChangeAsync(
            session.Id,
            s => s.ActorNumber == null && s.PrincipalNumber == session.PrincipalNumber
                && s.State == SessionState.Enabled && s.SuspendAt > now && s.ExpireAt > now,
            set => set
                .SetProperty(s => s.ActorNumber, s => s.PrincipalNumber).SetProperty(s => s.ActorStamp, s => s.SecurityStamp)
                .SetProperty(s => s.ActorService, service).SetProperty(s => s.IdentitySince, now)
                .SetProperty(s => s.PrincipalNumber, target.Number).SetProperty(s => s.SecurityStamp, target.SecurityStamp),
            start.Entry,
            by);
        if (begins)
        {
            await RevokeIdentityAsync(owned);
            await start.Tell();
        }

        return begins;
    }, parties: $"number IN ({start.Owned.Session.PrincipalNumber}, {start.Target.Number})");

    /// <summary>Gives an impersonating session back to its administrator.</summary>
    public Task<bool> TryRevertAsync(
        SessionWithPrincipals owned, DateTimeOffset now, Func<DateTimeOffset, AuditEntry> entry, AuditActor by) => store.InTransactionAsync(async () =>
    {
        var session = owned.Session;
        var ends = await TryChangeAsync(
            session.Id,
            s => s.ActorNumber == session.ActorNumber && s.PrincipalNumber == session.PrincipalNumber && s.ExpireAt > now,
            set => set
                .SetProperty(s => s.PrincipalNumber, s => s.ActorNumber!.Value).SetProperty(s => s.SecurityStamp, s => s.ActorStamp!.Value)
                .SetProperty(s => s.ActorNumber, (long?)null).SetProperty(s => s.ActorStamp, (int?)null)
                .SetProperty(s => s.ActorService, (string?)null).SetProperty(s => s.IdentitySince, now),
            entry,
            by);
        if (ends)
            await RevokeIdentityAsync(owned);
        return ends;
    });

    private async Task<bool> TryReplaceAsync(byte[] refreshTokenHash, AuditActor by, DateTimeOffset now)
    {
        var replaced = await SessionChanges.RevokeOneAsync(
            store,
            $"refresh_token_hash = {refreshTokenHash} AND mode = {(int)SessionMode.Web} AND expire_at > {UnixMicroseconds.From(now)}",
            AuditEvents.SignOut,
            new SessionEnding(EndReason.Evicted, by, now));
        return replaced is not null && reports.Receipts.Note(replaced) > 0;
    }

    /// <summary>What was issued while the session was what it no longer is; while the change waited, too.</summary>
    private async Task RevokeIdentityAsync(SessionWithPrincipals before)
    {
        var at = clock.GetUtcNow();
        var revoked = await store.RevokeIdentityWithinAsync(before.Session.Id, before.Principal.Id, at);
        await reports.Receipts.NoteAsync(revoked, at, before.Session.ExpireAt);
    }

    /// <summary>A change after which the session's access to products is void.</summary>
    private Task<bool> TryChangeAsync(
        Guid id,
        Expression<Func<Session, bool>> condition,
        Action<UpdateSettersBuilder<Session>> change,
        Func<DateTimeOffset, AuditEntry> entry,
        AuditActor by) =>
        store.InTransactionOfAsync(by, clock, async now =>
        {
            if (await store.WriteAsync(db => db.Set<Session>().Where(s => s.Id == id).Where(condition).ExecuteUpdateAsync(change)) == 0)
                return false;
            await store.WriteAsync(db => db.Set<ProductAccess>().Where(access => access.SessionId == id).ExecuteDeleteAsync());
            await store.InsertAsync(entry(now));
            return true;
        });
}

/// <summary>What an impersonation is to be begun with.</summary>
/// <param name="Owned">The session, as it was found.</param>
/// <param name="Target">Whom it acts as.</param>
/// <param name="Service">The id of the service that does it in the administrator's name.</param>
internal sealed record ImpersonationStart(SessionWithPrincipals Owned, Principal Target, string? Service)
{
    public required Func<DateTimeOffset, AuditEntry> Entry { get; init; }

    /// <summary>Tells the person, in the same transaction.</summary>
    public required Func<Task> Tell { get; init; }
}
