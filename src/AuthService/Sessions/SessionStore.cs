using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>
/// Every query and every statement on the sessions table. A statement that ends sessions writes its audit row with
/// them: in PostgreSQL as one statement, in SQLite, whose writers stand in line anyway, as one transaction.
/// </summary>
internal sealed class SessionStore(AuthDbContext db, SessionQueries queries)
{
    public Task<OwnedSession?> FindByRefreshTokenAsync(byte[] hash) => queries.ByRefreshToken(db, hash);

    public Task<OwnedSession?> FindByIdAsync(Guid id) => queries.ById(db, id);

    public async Task AddAsync(Session session, AuditEvent record)
    {
        db.AddRange(session, record);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
    }

    /// <summary>
    /// Adds a session that was made from another one, unless that one has ended in the meantime: a revocation that was
    /// acknowledged must not be outlived by a delegation that began before it.
    /// </summary>
    public async Task<bool> TryAddDelegatedAsync(Session session, AuditEvent record)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (session.ExtendedFrom is { } source && !await TryHoldAsync(source))
            return false;
        await AddAsync(session, record);
        await transaction.CommitAsync();
        return true;
    }

    /// <returns>False when the session has ended or been suspended in the meantime.</returns>
    public async Task<bool> TryTouchAsync(Session session, DateTimeOffset now)
    {
        var suspendAt = SessionRules.SuspendAt(now, session.IdleTimeout, session.ExpireAt);
        return await db.Set<Session>()
            .Where(s => s.Id == session.Id && s.SuspendAt > now && s.ExpireAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastUsedAt, now).SetProperty(s => s.SuspendAt, suspendAt)) == 1;
    }

    /// <summary>The principal's own living sessions, without the delegated ones.</summary>
    public async Task<SessionPage> ListOwnAsync(Principal principal, DateTimeOffset now, int itemsPerPage, int page)
    {
        var own = db.Set<Session>().AsNoTracking().Where(s => s.PrincipalNumber == principal.Number
            && s.SecurityStamp == principal.SecurityStamp && s.ExpireAt > now && s.ExtendedByChain == null);
        var rows = await own.OrderByDescending(s => s.CreatedAt).ThenByDescending(s => s.Id)
            .Skip(page * itemsPerPage).Take(itemsPerPage)
            .Select(s => new { Session = s, Total = own.Count() })
            .ToListAsync();
        var total = rows.Count > 0 || page == 0 ? rows.FirstOrDefault()?.Total ?? 0 : await own.CountAsync();
        return new SessionPage(total, rows.ConvertAll(row => row.Session));
    }

    public async Task<bool> TryEndByRefreshTokenAsync(byte[] hash, DateTimeOffset now, Deed deed) =>
        await EndOneAsync(AuditEvents.SignOut, now, deed, "s.refresh_token_hash = {0} AND s.expire_at > {1}", hash, UnixMicroseconds.From(now));

    /// <returns>How many of them were sessions.</returns>
    public Task<int> EndByRefreshTokensAsync(byte[][] hashes, DateTimeOffset now, Deed deed) => db.Database.IsNpgsql()
        ? EndManyAsync(now, deed, principal: null, "s.refresh_token_hash = ANY({0})", (object)hashes)
        : EndManyAsync(now, deed, principal: null, "s.refresh_token_hash IN (SELECT unhex(value) FROM json_each({0}))", ToJson(hashes));

    /// <summary>All of the principal's own sessions; delegated ones stay.</summary>
    public Task<int> EndOwnAsync(Principal principal, DateTimeOffset now, Deed deed) =>
        EndManyAsync(now, deed, principal.Id, "s.principal_number = {0} AND s.extended_by_chain IS NULL", principal.Number);

    /// <summary>Every session of the principal, delegated ones included, inside the caller's transaction, which writes the audit row.</summary>
    public Task EndAllOfAsync(long principalNumber) => db.Set<Session>().Where(s => s.PrincipalNumber == principalNumber).ExecuteDeleteAsync();

    /// <summary>Deletes some sessions past their end; instances that do so at the same time take different ones.</summary>
    public Task<int> DeleteExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var passOverLocked = db.Database.IsNpgsql() ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $"DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expire_at <= {{0}} ORDER BY expire_at LIMIT {{1}} {passOverLocked})";
        return db.Database.ExecuteSqlRawAsync(sql, [UnixMicroseconds.From(now), limit], cancellation);
    }

    private static string ToJson(byte[][] hashes) =>
        $"[{string.Join(',', hashes.Select(hash => $"\"{Convert.ToHexString(hash)}\""))}]";

    /// <summary>Keeps the session from being ended until the transaction is over. SQLite's transactions exclude each other by themselves.</summary>
    private async Task<bool> TryHoldAsync(Guid id)
    {
        var keep = db.Database.IsNpgsql() ? "FOR KEY SHARE" : "";
        return await QueryAsync($"SELECT 1 AS \"Value\" FROM sessions WHERE id = {{0}} {keep}", [id]) is [1];
    }

    private async Task<bool> EndOneAsync(string name, DateTimeOffset now, Deed deed, string which, params object[] values)
    {
        var n = values.Length;
        object?[] parameters = [.. values, UnixMicroseconds.From(now), name, deed.Actor, deed.IpAddress];
        var record = $$"""
            INSERT INTO audit_events (at, event, outcome, actor, principal, session_id, ip_address)
            SELECT {{{n}}}, {{{n + 1}}}, 0, COALESCE({{{n + 2}}}, p.id), p.id, s.id, {{{n + 3}}}
            """;
        if (db.Database.IsNpgsql())
        {
            return await ExecuteAsync(
                $"WITH s AS (DELETE FROM sessions AS s WHERE {which} RETURNING s.id, s.principal_number) {record} FROM s JOIN principals AS p ON p.number = s.principal_number",
                parameters) > 0;
        }

        await using var transaction = await db.Database.BeginTransactionAsync();
        var ended = await ExecuteAsync($"{record} FROM sessions AS s JOIN principals AS p ON p.number = s.principal_number WHERE {which}", parameters);
        await ExecuteAsync($"DELETE FROM sessions AS s WHERE {which}", values);
        await transaction.CommitAsync();
        return ended > 0;
    }

    private async Task<int> EndManyAsync(DateTimeOffset now, Deed deed, string? principal, string which, params object[] values)
    {
        var n = values.Length;
        object?[] parameters = [.. values, UnixMicroseconds.From(now), AuditEvents.SessionRevoked, deed.Actor ?? principal, principal, deed.IpAddress];
        var record = $$"""
            INSERT INTO audit_events (at, event, outcome, actor, principal, ip_address, detail)
            SELECT {{{n}}}, {{{n + 1}}}, 0, {{{n + 2}}}, {{{n + 3}}}, {{{n + 4}}}
            """;
        if (db.Database.IsNpgsql())
        {
            var counts = await QueryAsync(
                $"WITH s AS (DELETE FROM sessions AS s WHERE {which} RETURNING s.id), r AS ({record}, count(*) || ' sessions' FROM s) SELECT count(*)::int AS \"Value\" FROM s",
                parameters);
            return counts[0];
        }

        await using var transaction = await db.Database.BeginTransactionAsync();
        var ended = await ExecuteAsync($"DELETE FROM sessions AS s WHERE {which}", values);
        await ExecuteAsync($"{record}, changes() || ' sessions'", parameters);
        await transaction.CommitAsync();
        return ended;
    }

    private Task<int> ExecuteAsync(string sql, object?[] parameters) => db.Database.ExecuteSqlRawAsync(sql, parameters!);

    private Task<List<int>> QueryAsync(string sql, object?[] parameters) => db.Database.SqlQueryRaw<int>(sql, parameters!).ToListAsync();
}
