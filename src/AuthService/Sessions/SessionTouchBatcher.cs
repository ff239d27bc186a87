using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>Stores that sessions are used, batched. Rows are locked in the order of their ids, so that instances do not deadlock.</summary>
internal sealed class SessionTouchBatcher(BatchConnections connections)
{
    private readonly StatementBatcher<Session, bool> _batcher = new(connections, TouchBatchAsync);

    /// <param name="store">The caller's store.</param>
    /// <param name="touched">The session as it is after it was used now.</param>
    /// <returns>False when it was revoked or suspended, has expired, or has another principal by now.</returns>
    public Task<bool> TryTouchAsync(Store store, Session touched) => _batcher.ExecuteAsync(store, touched);

    private static async Task<IReadOnlyList<bool>> TouchBatchAsync(Store store, IReadOnlyList<Session> touched)
    {
        if (!store.IsPostgres)
            return [await TryTouchOneAsync(store, touched[0])];
        var changed = await store.WriteAsync<TouchedRow>(
            $"""
            WITH used AS (SELECT * FROM unnest({Each(s => s.Id)}, {Each(s => UnixMicroseconds.From(s.LastUsedAt))},
                                               {Each(s => UnixMicroseconds.From(s.SuspendAt))}, {Each(s => s.PrincipalNumber)})
                                        AS u (id, at, suspend_at, principal_number)),
                 held AS (SELECT s.id, used.at, used.suspend_at FROM sessions AS s JOIN used USING (id, principal_number)
                          WHERE s.suspend_at > used.at AND s.expire_at > used.at ORDER BY s.id FOR NO KEY UPDATE OF s)
            UPDATE sessions AS s SET last_used_at = held.at, suspend_at = held.suspend_at FROM held WHERE s.id = held.id
            RETURNING s.id AS "Id", s.principal_number AS "PrincipalNumber"
            """);
        return [.. touched.Select(session => changed.Contains(new TouchedRow(session.Id, session.PrincipalNumber)))];

        T[] Each<T>(Func<Session, T> value) => [.. touched.Select(value)];
    }

    private static async Task<bool> TryTouchOneAsync(Store store, Session touched) => await store.WriteAsync(db => db.Set<Session>()
        .Where(s => s.Id == touched.Id && s.PrincipalNumber == touched.PrincipalNumber && s.SuspendAt > touched.LastUsedAt && s.ExpireAt > touched.LastUsedAt)
        .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastUsedAt, touched.LastUsedAt).SetProperty(s => s.SuspendAt, touched.SuspendAt))) == 1;

    /// <param name="Id">The id of the session.</param>
    /// <param name="PrincipalNumber">
    /// The principal that it acts as. Two callers in one batch may have read the session while it acted as different principals.
    /// </param>
    private sealed record TouchedRow(Guid Id, long PrincipalNumber);
}
