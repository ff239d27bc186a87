using System.Linq.Expressions;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions.Lists;
using AuthService.Sessions.Products;
using AuthService.Sessions.Revoking;
using AuthService.Sessions.Rules;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace AuthService.Sessions;

/// <summary>Finds, adds and changes single sessions. <see cref="SessionLists"/> lists them, <see cref="SessionRevocation"/> revokes them.</summary>
/// <remarks>
/// <see cref="SessionRules"/> has decided about a session as it was read. A statement that changes it repeats in its WHERE clause what another request may have
/// changed since then.
/// </remarks>
internal sealed class SessionStore(Store store, SessionLookUps lookUps, SessionTouchBatcher touches, SessionReports reports, TimeProvider clock)
{
    public Task<SessionWithPrincipals?> FindByRefreshTokenAsync(byte[] hash) => lookUps.ByRefreshToken.ExecuteAsync(store, hash);

    public Task<SessionWithPrincipals?> FindByIdAsync(Guid id) => lookUps.ById.ExecuteAsync(store, id);

    public Task<SessionDetails?> FindDetailsAsync(Guid id) => lookUps.DetailsById.ExecuteAsync(store, id);

    /// <summary>Adds a session if its owner has not been changed.</summary>
    /// <param name="session">The new session.</param>
    /// <param name="entry">The audit entry of the change, as everywhere in this class. Its actor is the caller.</param>
    /// <returns>False when the owner of the session was changed since they were read.</returns>
    public async Task<bool> TryAddAsync(Session session, AuditDraft entry)
    {
        var added = await store.InTransactionOfAsync(entry.By, clock, async now =>
        {
            if (!await store.TryHoldOwnerAsync(session, RowLock.AgainstChange))
                return false;
            await store.InsertAsync(session, entry.At(now));
            return true;
        }, alsoLocked: $"number = {session.PrincipalNumber}");
        if (added)
            reports.Metrics.Started(session);
        return added;
    }

    /// <summary>Adds the session of a sign-in, consumes its credential and revokes the session that it replaces, in one transaction.</summary>
    public async Task<SessionStartResult> TryStartAsync(Session session, AuditDraft entry, SessionStart start)
    {
        var (result, replaced) = await store.InTransactionOfAsync(
            entry.By,
            clock,
            async now =>
            {
                if (!await store.TryHoldOwnerAsync(session, RowLock.Exclusive))
                    return (SessionStartResult.PrincipalChanged, 0);
                if (!await start.TryStepsAsync())
                    return (SessionStartResult.UsedUp, 0);
                var ended = start.Replaced is { } token && await TryReplaceAsync(token.Hash(), entry.By, now);
                await store.InsertAsync(session, entry.At(now));
                return (SessionStartResult.Started, ended ? 1 : 0);
            },
            outcome => outcome.Item1 is SessionStartResult.Started);
        if (result is SessionStartResult.Started)
            reports.Metrics.Started(session);
        reports.Metrics.Ended(replaced, SessionMetrics.SignedOut);
        return result;
    }

    /// <summary>
    /// Adds a session made from another one. Refuses when, in the meantime, that one was revoked, its owner was changed, or an extending service was disabled:
    /// a delegation that began before an acknowledged revocation must not survive it.
    /// </summary>
    public async Task<bool> TryAddDelegatedAsync(Session session, Principal owner, AuditDraft entry)
    {
        string[] parties = [owner.Id, .. session.ExtendedByChain!];
        var added = await store.InTransactionOfAsync(entry.By, clock, async now =>
        {
            if (!await store.TryHoldPartiesAsync(parties, owner) || !await TryHoldAsync(session.ExtendedFrom!.Value))
                return false;
            await store.InsertAsync(session, entry.At(now));
            return true;
        }, alsoLocked: $"id {store.Among(parties)}");
        if (added)
            reports.Metrics.Started(session);
        return added;
    }

    /// <summary>Runs work in a transaction in which nobody can disable or delete the services that extend a token.</summary>
    /// <param name="chain">The ids of the services, without the caller.</param>
    /// <param name="by">The audit actor.</param>
    /// <param name="unit">The unit of work.</param>
    /// <returns>Null when one of the services is disabled or deleted.</returns>
    public Task<T?> WithExtendersAsync<T>(string[] chain, AuditActor by, Func<Task<T>> unit)
        where T : class =>
        store.InTransactionOfAsync(
            by,
            clock,
            async _ => chain is [] || await store.TryHoldPartiesAsync(chain, owner: null) ? await unit() : null,
            alsoLocked: $"id {store.Among(chain)}");

    /// <param name="chain">The ids of the services that extended a session or a token.</param>
    /// <returns>The first service that is disabled or deleted, which makes everything with this chain invalid; null when there is none.</returns>
    public async Task<Principal?> FindRevokedExtenderAsync(string[] chain)
    {
        foreach (var id in chain.Distinct(StringComparer.Ordinal))
        {
            if (await lookUps.Extender.ExecuteAsync(store, id) is { State: not PrincipalState.Enabled } revoked)
                return revoked;
        }

        return null;
    }

    /// <summary>Locks the session so that it cannot be revoked until the transaction ends.</summary>
    public Task<bool> TryHoldAsync(Guid id) => store.TryHoldAsync($"sessions WHERE id = {id}", RowLock.AgainstDeletion);

    /// <summary>Stores until when a token is valid that was made from one of the session's tokens and outlives them.</summary>
    /// <returns>False when the session was revoked, or its principal changed by an impersonation.</returns>
    public async Task<bool> TryNoteTokenAsync(Session session, DateTimeOffset expiresAt)
    {
        var until = UnixMicroseconds.From(expiresAt);
        return await store.WriteAsync(
            $"""
            UPDATE sessions SET tokens_until = CASE WHEN tokens_until > {until} THEN tokens_until ELSE {until} END
            WHERE id = {session.Id} AND principal_number = {session.PrincipalNumber}
            """) == 1;
    }

    /// <summary>Locks the session so that it cannot be revoked and its principal cannot change until the transaction ends.</summary>
    /// <returns>False when it was revoked, or has another principal than when it was read.</returns>
    public Task<bool> TryHoldIdentityAsync(Session session) => store.TryHoldAsync(
        $"sessions WHERE id = {session.Id} AND principal_number = {session.PrincipalNumber}", RowLock.AgainstChange);

    /// <summary>Locks the session like the other overload, but accepts any principal.</summary>
    public Task<bool> TryHoldIdentityAsync(Guid id) => store.TryHoldAsync($"sessions WHERE id = {id}", RowLock.AgainstChange);

    /// <summary>Stores that the session is used now.</summary>
    /// <returns>False when the session was revoked or suspended, has expired, or has another principal by now.</returns>
    public Task<bool> TryTouchAsync(Session session, DateTimeOffset now) => touches.TryTouchAsync(store, SessionRules.Touched(session, now));

    /// <summary>
    /// Enables a new or suspended session, and starts its idle time-out again. It loses its access to products, because others may have taken its places.
    /// </summary>
    public Task<bool> TryEnableAsync(Session session, DateTimeOffset now, AuditDraft entry)
    {
        var touched = SessionRules.Touched(session, now);
        return TryChangeAsync(
            session.Id,
            s => s.ExpireAt > now && (s.State != SessionState.Enabled || s.SuspendAt <= now),
            set => set
                .SetProperty(s => s.State, SessionState.Enabled)
                .SetProperty(s => s.LastUsedAt, touched.LastUsedAt).SetProperty(s => s.SuspendAt, touched.SuspendAt),
            entry);
    }

    /// <summary>Stores that the person proved again who they are, inside the caller's transaction. The caller writes the audit entry.</summary>
    /// <returns>False when the session was revoked, its principal was changed, or it impersonates somebody.</returns>
    public async Task<bool> TryProveWithinAsync(Session session, DateTimeOffset? at, string[] methods) => await store.WriteAsync(db => db.Set<Session>()
        .Where(s => s.Id == session.Id && s.PrincipalNumber == session.PrincipalNumber && s.ActorNumber == null
            && s.SecurityStamp == session.SecurityStamp)
        .ExecuteUpdateAsync(set => set
            .SetProperty(s => s.AuthenticatedAt, at).SetProperty(s => s.AuthenticationMethods, methods))) == 1;

    /// <summary>Starts an impersonation: the session gets the target as its principal, and its own principal becomes the actor.</summary>
    /// <returns>False when, in the meantime, the session changed or was revoked, or the right to impersonate was removed.</returns>
    public Task<bool> TryImpersonateAsync(ImpersonationStart start, DateTimeOffset now) => store.InTransactionOfAsync(start.Entry.By, clock, async _ =>
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
            start.Entry);
        if (begins)
        {
            await RevokeIdentityAsync(owned);
            await start.Tell();
        }

        return begins;
    }, alsoLocked: $"number IN ({start.Owned.Session.PrincipalNumber}, {start.Target.Number})");

    /// <summary>Gives an impersonating session back to its administrator.</summary>
    public Task<bool> TryRevertAsync(SessionWithPrincipals owned, DateTimeOffset now, AuditDraft entry) => store.InTransactionAsync(async () =>
    {
        var session = owned.Session;
        var ends = await TryChangeAsync(
            session.Id,
            s => s.ActorNumber == session.ActorNumber && s.PrincipalNumber == session.PrincipalNumber && s.ExpireAt > now,
            set => set
                .SetProperty(s => s.PrincipalNumber, s => s.ActorNumber!.Value).SetProperty(s => s.SecurityStamp, s => s.ActorStamp!.Value)
                .SetProperty(s => s.ActorNumber, (long?)null).SetProperty(s => s.ActorStamp, (int?)null)
                .SetProperty(s => s.ActorService, (string?)null).SetProperty(s => s.IdentitySince, now),
            entry);
        if (ends)
            await RevokeIdentityAsync(owned);
        return ends;
    });

    private async Task<bool> TryReplaceAsync(byte[] refreshTokenHash, AuditActor by, DateTimeOffset now)
    {
        var replaced = await SessionDeletion.RevokeOneAsync(
            store,
            $"refresh_token_hash = {refreshTokenHash} AND mode = {(int)SessionMode.Web} AND expire_at > {UnixMicroseconds.From(now)}",
            AuditEvents.SignOut,
            new SessionEnding(EndReason.Evicted, by, now));
        return replaced is not null && reports.Receipts.Note(replaced) > 0;
    }

    /// <summary>Revokes the access tokens that were issued for the previous identity of the session, also while the change waited for a lock.</summary>
    private Task RevokeIdentityAsync(SessionWithPrincipals before) =>
        reports.Receipts.RevokeIdentityAsync(before.Session.Id, before.Principal.Id, before.Session.ExpireAt, clock.GetUtcNow());

    /// <summary>Changes the session and removes its access to products.</summary>
    private Task<bool> TryChangeAsync(
        Guid id, Expression<Func<Session, bool>> condition, Action<UpdateSettersBuilder<Session>> change, AuditDraft entry) =>
        store.InTransactionOfAsync(entry.By, clock, async now =>
        {
            if (await store.WriteAsync(db => db.Set<Session>().Where(s => s.Id == id).Where(condition).ExecuteUpdateAsync(change)) == 0)
                return false;
            await store.WriteAsync(db => db.Set<ProductAccess>().Where(access => access.SessionId == id).ExecuteDeleteAsync());
            await store.InsertAsync(entry.At(now));
            return true;
        });
}
