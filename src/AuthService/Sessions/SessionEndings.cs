using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>
/// Every statement that ends sessions. Each writes its audit row with them: in PostgreSQL as one statement, in SQLite,
/// whose writers stand in line anyway, as one transaction.
/// </summary>
internal sealed class SessionEndings(AuthDbContext db, SharedChanges shared, SessionMetrics metrics, TimeProvider clock)
{
    private const string ConcernsPrincipal = "(s.principal_number = {0} OR s.actor_number = {0})";

    private long Now => UnixMicroseconds.From(clock.GetUtcNow());

    /// <returns>False when no living session has this refresh token.</returns>
    public Task<bool> TryEndAsync(byte[] refreshTokenHash, Deed deed) => TryEndAsync(new Ending<byte[]>(refreshTokenHash, AuditEvents.SignOut, deed));

    /// <summary>The same, done by somebody who is not its owner.</summary>
    public Task<bool> TryRevokeAsync(byte[] refreshTokenHash, Deed deed) => TryEndAsync(new Ending<byte[]>(refreshTokenHash, AuditEvents.SessionRevoked, deed));

    public async Task<bool> TryEndAsync(Guid id, Deed deed) => db.IsPostgres
        ? Counted(await shared.TryEndAsync(new Ending<Guid>(id, AuditEvents.SessionRevoked, deed)), AuditEvents.SessionRevoked)
        : await EndOneAsync(AuditEvents.SessionRevoked, deed, "s.id = {0} AND s.expire_at > {1}", [id, Now]);

    /// <returns>False when there is no such session, or it is somebody else's: the statement cannot tell, and neither can its time.</returns>
    public Task<bool> TryEndAsync(Guid id, Principal owner, Deed deed) => EndOneAsync(
        AuditEvents.SessionRevoked, deed, $"{ConcernsPrincipal} AND s.id = {{1}} AND s.expire_at > {{2}}", [owner.Number, id, Now]);

    /// <returns>How many of them were sessions.</returns>
    public Task<int> EndAsync(byte[][] refreshTokenHashes, Deed deed) => db.IsPostgres
        ? EndManyAsync(deed, principal: null, "s.refresh_token_hash = ANY({0})", [refreshTokenHashes])
        : EndManyAsync(deed, principal: null, "s.refresh_token_hash IN (SELECT unhex(value) FROM json_each({0}))", [ToJson(refreshTokenHashes)]);

    /// <summary>All of the principal's own sessions; delegated ones stay.</summary>
    public Task<int> EndOwnAsync(Principal principal, Deed deed) =>
        EndManyAsync(deed, principal.Id, $"{ConcernsPrincipal} AND s.extended_by_chain IS NULL", [principal.Number]);

    /// <summary>Every session that concerns the principal, delegated and impersonated ones included.</summary>
    public Task<int> EndAllAsync(Principal principal, Deed deed) =>
        EndWithDelegatedAsync(deed, principal.Id, ConcernsPrincipal, [principal.Number]);

    /// <summary>The same but for one.</summary>
    public Task<int> EndOthersAsync(Principal principal, Guid current, Deed deed) =>
        EndWithDelegatedAsync(deed, principal.Id, $"{ConcernsPrincipal} AND s.id <> {{1}}", [principal.Number, current]);

    /// <summary>Every session of everybody.</summary>
    public Task<int> EndEveryoneAsync(Deed deed)
    {
        db.AllowLongStatements();
        return EndWithDelegatedAsync(deed, principal: null, "TRUE", []);
    }

    /// <summary>Every session that concerns the principal, inside the caller's transaction, which writes the audit row.</summary>
    public Task<int> EndAllWithinAsync(Principal principal) =>
        db.Set<Session>().Where(s => s.PrincipalNumber == principal.Number || s.ActorNumber == principal.Number).ExecuteDeleteAsync();

    /// <summary>Those in which the administrator acts as somebody else, inside the caller's transaction: they end with the right, and do not come back with it.</summary>
    public Task<int> EndImpersonationsWithinAsync(Principal administrator) =>
        db.Set<Session>().Where(s => s.ActorNumber == administrator.Number).ExecuteDeleteAsync();

    /// <summary>Deletes some sessions past their end; instances that do so at the same time take different ones.</summary>
    public async Task<int> DeleteExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var passOverLocked = db.IsPostgres ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $"DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expire_at <= {{0}} ORDER BY expire_at LIMIT {{1}} {passOverLocked})";
        var deleted = await db.Database.ExecuteSqlRawAsync(sql, [UnixMicroseconds.From(now), limit], cancellation);
        metrics.Ended(deleted, SessionMetrics.Expired);
        return deleted;
    }

    private static string ToJson(byte[][] hashes) =>
        $"[{string.Join(',', hashes.Select(hash => $"\"{Convert.ToHexString(hash)}\""))}]";

    private async Task<bool> TryEndAsync(Ending<byte[]> ending) => db.IsPostgres
        ? Counted(await shared.TryEndAsync(ending), ending.Event)
        : await EndOneAsync(ending.Event, ending.Deed, "s.refresh_token_hash = {0} AND s.expire_at > {1}", [ending.Key, Now]);

    private async Task<bool> EndOneAsync(string name, Deed deed, string which, object[] values) =>
        Counted(await DeleteOneAsync(name, deed, which, values) > 0, name);

    private bool Counted(bool ended, string name)
    {
        metrics.Ended(ended ? 1 : 0, name is AuditEvents.SignOut ? SessionMetrics.SignedOut : SessionMetrics.Revoked);
        return ended;
    }

    private async Task<int> DeleteOneAsync(string name, Deed deed, string which, object[] values)
    {
        var n = values.Length;
        object?[] parameters = [.. values, Now, name, deed.Actor, deed.IpAddress];
        var record = $$"""
            INSERT INTO audit_events (at, event, outcome, actor, principal, session_id, ip_address)
            SELECT {{{n}}}, {{{n + 1}}}, 0, COALESCE({{{n + 2}}}, p.id), p.id, s.id, {{{n + 3}}}
            """;
        if (db.IsPostgres)
        {
            return await ExecuteAsync(
                $"WITH s AS (DELETE FROM sessions AS s WHERE {which} RETURNING s.id, s.principal_number) {record} FROM s JOIN principals AS p ON p.number = s.principal_number",
                parameters);
        }

        return await StoreTransaction.RunAsync(db, async transaction =>
        {
            var ended = await ExecuteAsync($"{record} FROM sessions AS s JOIN principals AS p ON p.number = s.principal_number WHERE {which}", parameters);
            await ExecuteAsync($"DELETE FROM sessions AS s WHERE {which}", values);
            await transaction.CommitAsync();
            return ended;
        });
    }

    private async Task<int> EndManyAsync(Deed deed, string? principal, string which, object[] values)
    {
        var ended = await DeleteManyAsync(deed, principal, which, values);
        metrics.Ended(ended, SessionMetrics.Revoked);
        return ended;
    }

    private async Task<int> DeleteManyAsync(Deed deed, string? principal, string which, object[] values)
    {
        var n = values.Length;
        object?[] parameters = [.. values, Now, AuditEvents.SessionRevoked, deed.Actor ?? principal, principal, deed.IpAddress];
        which = $"{which} AND s.expire_at > {{{n}}}"; // expired ones do not count, cleaned up or not
        var record = $$"""
            INSERT INTO audit_events (at, event, outcome, actor, principal, ip_address, detail)
            SELECT {{{n}}}, {{{n + 1}}}, 0, {{{n + 2}}}, {{{n + 3}}}, {{{n + 4}}}
            """;
        if (db.IsPostgres)
        {
            var sql = $"WITH s AS (DELETE FROM sessions AS s WHERE {which} RETURNING s.id), r AS ({record}, count(*) || ' sessions' FROM s) SELECT count(*)::int AS \"Value\" FROM s";
            return (await db.ChangeAsync(static (db, statement) => db.Database.SqlQueryRaw<int>(statement.sql, statement.parameters!).ToListAsync(), (sql, parameters)))[0];
        }

        return await StoreTransaction.RunAsync(db, async transaction =>
        {
            var ended = await ExecuteAsync($"DELETE FROM sessions AS s WHERE {which}", parameters[..(n + 1)]);
            await ExecuteAsync($"{record}, changes() || ' sessions'", parameters);
            await transaction.CommitAsync();
            return ended;
        });
    }

    /// <summary>
    /// The same where delegated sessions end too. In PostgreSQL a statement does not see what was committed while it waited
    /// for a row: a session that was just being made from that one. Hence once more, until none is left.
    /// </summary>
    private async Task<int> EndWithDelegatedAsync(Deed deed, string? principal, string which, object[] values)
    {
        var now = clock.GetUtcNow();
        var sql = $"DELETE FROM sessions AS s WHERE {which} AND s.expire_at > {{{values.Length}}}";
        return await StoreTransaction.RunAsync(db, async transaction =>
        {
            var (all, ended) = (0, 0);
            do
            {
                ended = await ExecuteAsync(sql, [.. values, UnixMicroseconds.From(now)]);
                all += ended;
            }
            while (ended > 0);
            db.Add(deed.Record(AuditEvents.SessionRevoked, now, principal, detail: $"{all} sessions"));
            await db.SaveChangesAsync();
            db.ChangeTracker.Clear();
            await transaction.CommitAsync();
            metrics.Ended(all, SessionMetrics.Revoked);
            return all;
        });
    }

    private Task<int> ExecuteAsync(string sql, object?[] parameters) =>
        db.ChangeAsync(static (db, statement) => db.Database.ExecuteSqlRawAsync(statement.sql, statement.parameters!), (sql, parameters));
}
