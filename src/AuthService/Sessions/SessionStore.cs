using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>Looks sessions up, adds and changes them. What ends them is in <see cref="SessionEndings"/>.</summary>
internal sealed class SessionStore(AuthDbContext db, SessionLookUps lookUps, SharedChanges shared, SessionMetrics metrics)
{
    public Task<OwnedSession?> FindByRefreshTokenAsync(byte[] hash) => lookUps.ByRefreshTokenAsync(db, hash);

    public Task<OwnedSession?> FindByIdAsync(Guid id) => lookUps.ByIdAsync(db, id);

    /// <returns>Whom a token without a session speaks for; null when nobody has the id, or the token was revoked.</returns>
    public Task<Principal?> FindPrincipalAsync(string id, byte[] fingerprint) => lookUps.PrincipalOfTokenAsync(db, id, fingerprint);

    public Task<SessionView?> FindViewAsync(Guid id) => lookUps.ViewByIdAsync(db, id);

    public Task AddAsync(Session session, AuditEvent record) => StoreTransaction.RunAsync(db, async transaction =>
    {
        await InsertAsync(session, record);
        await transaction.CommitAsync();
        metrics.Started(session);
    });

    /// <summary>
    /// Adds a session that was made from another one, unless that one has ended in the meantime: a revocation that was
    /// acknowledged must not be outlived by a delegation that began before it.
    /// </summary>
    public Task<bool> TryAddDelegatedAsync(Session session, AuditEvent record) => StoreTransaction.RunAsync(db, async transaction =>
    {
        if (session.ExtendedFrom is { } source && !await TryHoldAsync(source))
            return false;
        await InsertAsync(session, record);
        await transaction.CommitAsync();
        metrics.Started(session);
        return true;
    });

    /// <summary>Keeps the session from being ended until the transaction is over. SQLite's transactions exclude each other by themselves.</summary>
    public async Task<bool> TryHoldAsync(Guid id)
    {
        var sql = $"SELECT 1 AS \"Value\" FROM sessions WHERE id = {{0}} {(db.IsPostgres ? "FOR KEY SHARE" : "")}";
        return await db.Database.SqlQueryRaw<int>(sql, id).ToListAsync() is [1];
    }

    /// <returns>False when the session has ended or been suspended in the meantime.</returns>
    public async Task<bool> TryTouchAsync(Session session, DateTimeOffset now)
    {
        var touched = SessionRules.Touched(session, now);
        if (db.IsPostgres)
            return await shared.TryTouchAsync(touched);
        return await db.Set<Session>()
            .Where(s => s.Id == session.Id && s.SuspendAt > now && s.ExpireAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastUsedAt, touched.LastUsedAt).SetProperty(s => s.SuspendAt, touched.SuspendAt)) == 1;
    }

    /// <summary>Makes a new or suspended session usable, from now on. Places that it had in products may be taken by now, so it has none.</summary>
    public Task<bool> TryEnableAsync(Session session, DateTimeOffset now, AuditEvent record)
    {
        var touched = SessionRules.Touched(session, now);
        return TryChangeAsync(
            session.Id,
            db.Set<Session>().Where(s => s.Id == session.Id && s.ExpireAt > now && (s.State != SessionState.Enabled || s.SuspendAt <= now)),
            changing => changing.ExecuteUpdateAsync(set => set
                .SetProperty(s => s.State, SessionState.Enabled).SetProperty(s => s.LastUsedAt, touched.LastUsedAt).SetProperty(s => s.SuspendAt, touched.SuspendAt)),
            record);
    }

    /// <summary>From here on the session acts as <paramref name="target"/>; its principal becomes the actor. Access to products ends with the change of person.</summary>
    /// <returns>False when the session has changed or ended, or the right to it was taken away, in the meantime.</returns>
    public Task<bool> TryImpersonateAsync(
        Session session, Principal target, DateTimeOffset now, AuditEvent record) => StoreTransaction.RunAsync(db, async transaction =>
    {
        var changed = await TryHoldImpersonatorAsync(session.PrincipalNumber) && await TryChangeAsync(
            session.Id,
            db.Set<Session>().Where(s => s.Id == session.Id && s.ActorNumber == null && s.PrincipalNumber == session.PrincipalNumber
                && s.State == SessionState.Enabled && s.SuspendAt > now && s.ExpireAt > now),
            changing => changing.ExecuteUpdateAsync(set => set
                .SetProperty(s => s.ActorNumber, s => s.PrincipalNumber).SetProperty(s => s.ActorStamp, s => s.SecurityStamp)
                .SetProperty(s => s.PrincipalNumber, target.Number).SetProperty(s => s.SecurityStamp, target.SecurityStamp)),
            record);
        if (changed)
            await transaction.CommitAsync();
        return changed;
    });

    /// <summary>Gives an impersonating session back to its administrator.</summary>
    public Task<bool> TryRevertAsync(Session session, DateTimeOffset now, AuditEvent record) => TryChangeAsync(
        session.Id,
        db.Set<Session>().Where(s => s.Id == session.Id && s.ActorNumber != null && s.ExpireAt > now),
        changing => changing.ExecuteUpdateAsync(set => set
            .SetProperty(s => s.PrincipalNumber, s => s.ActorNumber!.Value).SetProperty(s => s.SecurityStamp, s => s.ActorStamp!.Value)
            .SetProperty(s => s.ActorNumber, (long?)null).SetProperty(s => s.ActorStamp, (int?)null)),
        record);

    private async Task InsertAsync(Session session, AuditEvent record)
    {
        db.AddRange(session, record);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
    }

    /// <summary>
    /// Keeps the right from being taken away until the transaction is over: whoever takes it away ends the impersonations,
    /// and must see the one that is being made. SQLite's transactions exclude each other by themselves.
    /// </summary>
    private async Task<bool> TryHoldImpersonatorAsync(long number)
    {
        var sql = $"SELECT 1 AS \"Value\" FROM principals WHERE number = {{0}} AND can_impersonate {(db.IsPostgres ? "FOR SHARE" : "")}";
        return await db.Database.SqlQueryRaw<int>(sql, number).ToListAsync() is [1];
    }

    /// <summary>A change after which the session's access to products is void.</summary>
    private Task<bool> TryChangeAsync(
        Guid id, IQueryable<Session> which, Func<IQueryable<Session>, Task<int>> change, AuditEvent record) => StoreTransaction.RunAsync(db, async transaction =>
    {
        if (await change(which) == 0)
            return false;
        await db.Set<ProductAccess>().Where(access => access.SessionId == id).ExecuteDeleteAsync();
        db.Add(record);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
        await transaction.CommitAsync();
        return true;
    });
}
