using AuthService.Audit;
using AuthService.Principals;
using AuthService.Revocations;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>A session to revoke, with what its audit entry says.</summary>
/// <param name="Key">The id of a session, or the hash of its refresh token.</param>
/// <param name="Event">One of <see cref="AuditEvents"/>.</param>
/// <param name="Reason">The reason that the holder of the refresh token is told.</param>
/// <param name="By">The audit actor.</param>
internal sealed record SessionToRevoke<TKey>(TKey Key, string Event, EndReason Reason, AuditActor By);

/// <summary>
/// Makes the most frequent changes to single sessions in batches: the changes of one moment share one statement and one commit, audit entries included. Rows
/// are locked in the order of their ids, so that instances do not deadlock.
/// </summary>
internal sealed class SessionChanges(BatchConnections connections, TimeProvider clock)
{
    /// <summary>Stores a session as it is after it was used now. The result is false when it was revoked or suspended or has expired in the meantime.</summary>
    public StatementBatcher<Session, bool> Touch { get; } = new(connections, TouchAsync);

    /// <summary>Revokes a session by its id. The result is null when there is no such session, or it has expired.</summary>
    public StatementBatcher<SessionToRevoke<Guid>, RevokedSessions?> RevokeById { get; } = new(connections, (store, sessions) => store.IsPostgres
        ? RevokeAsync(store, "id", sessions, clock.GetUtcNow())
        : RevokeOneAsync(store, (key, now) => $"id = {key} AND expire_at > {now}", sessions[0], clock.GetUtcNow()));

    /// <summary>Revokes a session by its refresh token. The result is null when there is no such session, or it has expired.</summary>
    public StatementBatcher<SessionToRevoke<byte[]>, RevokedSessions?> RevokeByRefreshToken { get; } = new(connections, (store, sessions) => store.IsPostgres
        ? RevokeAsync(store, "refresh_token_hash", sessions, clock.GetUtcNow())
        : RevokeOneAsync(store, (key, now) => $"refresh_token_hash = {key} AND expire_at > {now}", sessions[0], clock.GetUtcNow()));

    /// <summary>Revokes one session in a transaction, with its audit entry.</summary>
    /// <param name="store">The caller's store.</param>
    /// <param name="which">SQL: the condition that finds the session.</param>
    /// <param name="name">One of <see cref="AuditEvents"/>.</param>
    /// <param name="ending">The reason, the actor and the time.</param>
    public static Task<RevokedSessions?> RevokeOneAsync(Store store, FormattableString which, string name, SessionEnding ending) =>
        store.InTransactionAsync(async () =>
        {
            if (await SessionDeletion.TryDeleteOneAsync(store, which, ending) is not { } revoked)
                return null;
            await InsertEntriesAsync(store, [revoked], name, ending);
            return OneOf(revoked, ending.At);
        });

    /// <summary>Revokes several sessions in a transaction, with an audit entry for each.</summary>
    public static Task<IReadOnlyList<RevokedSessions>> RevokeEachAsync(
        Store store, FormattableString which, string name, SessionEnding ending, string? detail = null) =>
        store.InTransactionAsync<IReadOnlyList<RevokedSessions>>(async () =>
        {
            var revoked = await SessionDeletion.DeleteEachAsync(store, which, ending);
            await InsertEntriesAsync(store, revoked, name, ending, detail);
            return [.. revoked.Select(session => OneOf(session, ending.At))];
        });

    /// <summary>
    /// Writes an audit entry for each session. When no caller was authenticated, the actor is the administrator while the session impersonates, otherwise its
    /// principal.
    /// </summary>
    private static async Task InsertEntriesAsync(
        Store store, IReadOnlyList<DeletedSession> revoked, string name, SessionEnding ending, string? detail = null)
    {
        long[] numbers = [.. revoked.SelectMany(session => new[] { session.PrincipalNumber, session.ActorNumber ?? session.PrincipalNumber }).Distinct()];
        var ids = await store.ReadAsync(db => db.Set<Principal>().Where(p => numbers.Contains(p.Number)).Select(p => new { p.Number, p.Id })
            .ToDictionaryAsync(p => p.Number, p => p.Id));
        await store.InsertAsync([.. revoked.Select(session => ending.By.Or(session.ActorNumber is { } administrator ? ids[administrator] : null)
            .CreateEntry(name, ending.At, ids[session.PrincipalNumber], sessionId: session.Id, detail: detail))]);
    }

    private static RevokedSessions OneOf(DeletedSession session, DateTimeOffset at) =>
        OneOf(session.Id, at, new(session.Known, session.UsualNotAfter), new(session.Epoch, session.Position));

    private static async Task<IReadOnlyList<bool>> TouchAsync(Store store, IReadOnlyList<Session> touched)
    {
        if (!store.IsPostgres)
            return [await TryTouchAsync(store, touched[0])];
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

    private static async Task<bool> TryTouchAsync(Store store, Session touched) => await store.WriteAsync(db => db.Set<Session>()
        .Where(s => s.Id == touched.Id && s.PrincipalNumber == touched.PrincipalNumber && s.SuspendAt > touched.LastUsedAt && s.ExpireAt > touched.LastUsedAt)
        .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastUsedAt, touched.LastUsedAt).SetProperty(s => s.SuspendAt, touched.SuspendAt))) == 1;

    private static async Task<IReadOnlyList<RevokedSessions?>> RevokeOneAsync<TKey>(
        Store store, Func<TKey, long, FormattableString> which, SessionToRevoke<TKey> session, DateTimeOffset now) =>
        [await RevokeOneAsync(
            store, which(session.Key, UnixMicroseconds.From(now)), session.Event, new SessionEnding(session.Reason, session.By, now))];

    /// <summary>Revokes a batch of sessions. When several callers revoke the same session, only one of them succeeds.</summary>
    private static async Task<IReadOnlyList<RevokedSessions?>> RevokeAsync<TKey>(
        Store store, string key, IReadOnlyList<SessionToRevoke<TKey>> sessions, DateTimeOffset now)
    {
        var at = UnixMicroseconds.From(now);
        var (column, columns) = (SqlText.Raw(key), SqlText.Raw(SessionDeletion.KeptColumns));
        var revoked = await store.WriteAsync<Row>(
            $"""
            WITH wanted AS (SELECT * FROM unnest({Each(s => s.Key)}, {Each(s => s.Event)}, {Each(s => s.By.Actor)}, {Each(s => (int)s.By.Kind)},
                                                 {Each(s => s.By.SessionId)}, {Each(s => s.By.ApiKeyId)}, {Each(s => s.By.IpAddress)},
                                                 {Each(s => (int)s.Reason)})
                                          WITH ORDINALITY AS w (key, event, actor, actor_kind, actor_session_id, actor_api_key_id, ip_address, reason, n)),
                 held AS (SELECT wanted.n, s.id FROM sessions AS s JOIN wanted ON s.{column} = wanted.key WHERE s.expire_at > {at}
                          ORDER BY s.id FOR UPDATE OF s),
                 revoked AS (DELETE FROM sessions AS s USING held WHERE s.id = held.id
                             RETURNING held.n, s.id, s.principal_number, s.actor_number, s.refresh_token_hash, s.root_id, s.extended_from,
                                       s.access_token_lifetime, s.tokens_until, s.expire_at),
                 kept AS (INSERT INTO ended_sessions ({columns}, reason, ended_by, ended_at, expire_at)
                          SELECT {columns}, reason, actor, {at}, {UnixMicroseconds.From(now + EndedSession.Lifetime)}
                          FROM revoked JOIN wanted USING (n) ORDER BY n),
                 recorded AS (INSERT INTO audit_events (at, event, outcome, actor, actor_kind, actor_session_id, actor_api_key_id,
                                                        principal, session_id, ip_address)
                              SELECT {at}, event, {(int)AuditOutcome.Success}, COALESCE(actor, a.id, p.id), actor_kind, actor_session_id, actor_api_key_id,
                                     p.id, revoked.id, ip_address
                              FROM revoked JOIN wanted USING (n) JOIN principals AS p ON p.number = revoked.principal_number
                                   LEFT JOIN principals AS a ON a.number = revoked.actor_number ORDER BY n)
            SELECT n AS "Number", id AS "Id", {SessionDeletion.EndOfTokens(store, now)}, {SessionDeletion.Place(store)} FROM revoked
            """);
        var byNumber = revoked.ToDictionary(
            row => row.Number, row => OneOf(row.Id, now, new(row.Known, row.UsualNotAfter), new(row.Epoch, row.Position)));
        return [.. Enumerable.Range(1, sessions.Count).Select(n => byNumber.GetValueOrDefault(n))];

        T[] Each<T>(Func<SessionToRevoke<TKey>, T> value) => [.. sessions.Select(value)];
    }

    private static RevokedSessions OneOf(Guid id, DateTimeOffset at, EndOfTokens tokens, CommitPlace place) => new(at, Count: 1, [id], tokens, place);

    /// <param name="Id">The id of the session.</param>
    /// <param name="PrincipalNumber">
    /// The principal that it acts as. Two callers in one batch may have read the session while it acted as different principals.
    /// </param>
    private sealed record TouchedRow(Guid Id, long PrincipalNumber);

    /// <param name="Number">The position of the caller in the batch, from 1.</param>
    /// <param name="Id">The id of the session.</param>
    private sealed record Row(long Number, Guid Id, long? Known, long? UsualNotAfter, string Epoch, long Position);
}
