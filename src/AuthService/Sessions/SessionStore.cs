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
        var sql = $"SELECT 1 AS \"Value\" FROM sessions WHERE id = {{0}} {(db.Database.IsNpgsql() ? "FOR KEY SHARE" : "")}";
        return await db.Database.SqlQueryRaw<int>(sql, id).ToListAsync() is [1];
    }

    /// <returns>False when the session has ended or been suspended in the meantime.</returns>
    public async Task<bool> TryTouchAsync(Session session, DateTimeOffset now)
    {
        var touched = SessionRules.Touched(session, now);
        if (db.Database.IsNpgsql())
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

    /// <summary>The principal's own living sessions, and those in which it acts as somebody else, without the delegated ones.</summary>
    public async Task<SessionPage> ListOwnAsync(Principal principal, DateTimeOffset now, int itemsPerPage, int page)
    {
        var own = Living(principal, now).Where(row => row.Session.ExtendedByChain == null);
        var rows = await NewestFirst(own).Skip(page * itemsPerPage).Take(itemsPerPage)
            .Select(row => new { row.Session, Total = own.Count() })
            .ToListAsync();
        var total = rows.Count > 0 || page == 0 ? rows.FirstOrDefault()?.Total ?? 0 : await own.CountAsync();
        return new SessionPage(total, rows.ConvertAll(row => row.Session));
    }

    /// <summary>The newest living sessions that concern the principal: own, delegated and impersonated ones.</summary>
    public Task<List<OwnedSession>> ListAsync(Principal principal, DateTimeOffset now, int limit, bool onlyActive) =>
        NewestFirst(onlyActive ? Active(principal, now) : Living(principal, now)).Take(limit)
            .Select(row => new OwnedSession(row.Session, row.Principal, row.Actor))
            .ToListAsync();

    /// <summary>The same page by page, with the products that they are enabled for.</summary>
    public async Task<SessionInFullPage> ListInFullAsync(Principal principal, DateTimeOffset now, int itemsPerPage, int page)
    {
        var living = Living(principal, now);
        var found = await NewestFirst(living).Skip(page * itemsPerPage).Take(itemsPerPage)
            .Select(row => new OwnedSession(row.Session, row.Principal, row.Actor))
            .ToListAsync();
        var ids = found.ConvertAll(owned => owned.Session.Id);
        var accesses = await db.Set<ProductAccess>().AsNoTracking().Where(access => ids.Contains(access.SessionId)).OrderBy(access => access.Product).ToListAsync();
        var products = accesses.ToLookup(access => access.SessionId, access => access.Product);
        return new SessionInFullPage(await living.CountAsync(), found.ConvertAll(owned => new SessionInFull(owned, [.. products[owned.Session.Id]])));
    }

    public Task<int> CountActiveAsync(Principal principal, DateTimeOffset now) => Active(principal, now).CountAsync();

    /// <summary>Those of everybody, without a look at who they are: what ends a person ends their sessions.</summary>
    public Task<long> CountActiveAsync(DateTimeOffset now, CancellationToken cancellation) => db.Set<Session>()
        .LongCountAsync(s => s.State == SessionState.Enabled && s.SuspendAt > now && s.ExpireAt > now, cancellation);

    private static IQueryable<Row> NewestFirst(IQueryable<Row> rows) =>
        rows.OrderByDescending(row => row.Session.CreatedAt).ThenByDescending(row => row.Session.Id);

    private async Task InsertAsync(Session session, AuditEvent record)
    {
        db.AddRange(session, record);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
    }

    private IQueryable<Row> Active(Principal principal, DateTimeOffset now) =>
        Living(principal, now).Where(row => row.Session.State == SessionState.Enabled && row.Session.SuspendAt > now);

    /// <summary>What <see cref="SessionRules.StateOf"/> calls neither expired nor deleted, in SQL.</summary>
    private IQueryable<Row> Living(Principal principal, DateTimeOffset now) => db.Set<Session>().AsNoTracking()
        .Where(s => (s.PrincipalNumber == principal.Number || s.ActorNumber == principal.Number) && s.ExpireAt > now)
        .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
        .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new Row { Session = row.s, Principal = row.p, Actor = a })
        .Where(row => row.Principal.State == PrincipalState.Enabled && row.Principal.SecurityStamp == row.Session.SecurityStamp
            && (row.Session.ActorNumber == null || (row.Actor!.State == PrincipalState.Enabled
                && row.Actor.SecurityStamp == row.Session.ActorStamp && row.Actor.Role == Role.Admin && row.Actor.CanImpersonate)));

    /// <summary>
    /// Keeps the right from being taken away until the transaction is over: whoever takes it away ends the impersonations,
    /// and must see the one that is being made. SQLite's transactions exclude each other by themselves.
    /// </summary>
    private async Task<bool> TryHoldImpersonatorAsync(long number)
    {
        var sql = $"SELECT 1 AS \"Value\" FROM principals WHERE number = {{0}} AND can_impersonate {(db.Database.IsNpgsql() ? "FOR SHARE" : "")}";
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

    /// <summary>An <see cref="OwnedSession"/> on its way through a query: members set by name can be asked for in SQL.</summary>
    private sealed class Row
    {
        public required Session Session { get; init; }

        public required Principal Principal { get; init; }

        public Principal? Actor { get; init; }
    }
}
