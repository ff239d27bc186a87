using AuthService.Audit;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <param name="Key">The id of a session, or the hash of its refresh token.</param>
/// <param name="Event">One of <see cref="AuditEvents"/>.</param>
/// <param name="Deed">Who does it.</param>
internal sealed record Ending<TKey>(TKey Key, string Event, Deed Deed);

/// <summary>
/// The changes to single sessions that come by the thousand, in PostgreSQL: those of one moment are one statement and one
/// commit, audit rows included.
/// </summary>
internal sealed class SharedChanges
{
    private readonly SharedStatement<Session, bool> _touches;
    private readonly SharedStatement<Ending<Guid>, bool> _endingsById;
    private readonly SharedStatement<Ending<byte[]>, bool> _endingsByRefreshToken;

    public SharedChanges(IDbContextFactory<AuthDbContext> contexts, TimeProvider clock)
    {
        _touches = new(contexts, (db, touched) => db.ChangeAsync(TouchAsync, touched));
        _endingsById = new(contexts, (db, endings) => db.ChangeAsync((db, endings) => EndAsync(db, "id", endings, clock.GetUtcNow()), endings));
        _endingsByRefreshToken = new(contexts, (db, endings) => db.ChangeAsync((db, endings) => EndAsync(db, "refresh_token_hash", endings, clock.GetUtcNow()), endings));
    }

    /// <param name="touched">The session as it is after it was used now.</param>
    /// <returns>False when it has ended or been suspended in the meantime.</returns>
    public Task<bool> TryTouchAsync(Session touched) => _touches.AskAsync(touched);

    /// <returns>False when no living session has this id.</returns>
    public Task<bool> TryEndAsync(Ending<Guid> ending) => _endingsById.AskAsync(ending);

    /// <returns>False when no living session has this refresh token.</returns>
    public Task<bool> TryEndAsync(Ending<byte[]> ending) => _endingsByRefreshToken.AskAsync(ending);

    private static async Task<IReadOnlyList<bool>> TouchAsync(AuthDbContext db, IReadOnlyList<Session> touched)
    {
        var alive = await db.Database.SqlQueryRaw<Guid>(
            """
            UPDATE sessions AS s SET last_used_at = a.at, suspend_at = a.suspend_at
            FROM unnest({0}, {1}, {2}) AS a (id, at, suspend_at)
            WHERE s.id = a.id AND s.suspend_at > a.at AND s.expire_at > a.at
            RETURNING s.id AS "Value"
            """,
            touched.Select(session => session.Id).ToArray(),
            touched.Select(session => UnixMicroseconds.From(session.LastUsedAt)).ToArray(),
            touched.Select(session => UnixMicroseconds.From(session.SuspendAt)).ToArray()).ToListAsync();
        return [.. touched.Select(session => alive.Contains(session.Id))];
    }

    /// <summary>Of several who end one session, one does.</summary>
    private static async Task<IReadOnlyList<bool>> EndAsync<TKey>(AuthDbContext db, string key, IReadOnlyList<Ending<TKey>> endings, DateTimeOffset now)
    {
        var sql = $$"""
            WITH asked AS (SELECT * FROM unnest({0}, {1}, {2}, {3}) WITH ORDINALITY AS a (key, event, actor, ip_address, n)),
                 ended AS (DELETE FROM sessions AS s USING asked WHERE s.{{key}} = asked.key AND s.expire_at > {4} RETURNING asked.n, s.id, s.principal_number),
                 recorded AS (INSERT INTO audit_events (at, event, outcome, actor, principal, session_id, ip_address)
                              SELECT {4}, asked.event, 0, COALESCE(asked.actor, p.id), p.id, ended.id, asked.ip_address
                              FROM ended JOIN asked USING (n) JOIN principals AS p ON p.number = ended.principal_number ORDER BY n)
            SELECT n AS "Value" FROM ended
            """;
        object[] values =
        [
            endings.Select(ending => ending.Key).ToArray(),
            endings.Select(ending => ending.Event).ToArray(),
            endings.Select(ending => ending.Deed.Actor).ToArray(),
            endings.Select(ending => ending.Deed.IpAddress).ToArray(),
            UnixMicroseconds.From(now),
        ];
        var ended = new bool[endings.Count];
        foreach (var ordinal in await db.Database.SqlQueryRaw<long>(sql, values).ToListAsync())
            ended[ordinal - 1] = true;
        return ended;
    }
}
