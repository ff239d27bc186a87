using AuthService.Audit;
using AuthService.Revocations;
using AuthService.Storage;

namespace AuthService.Sessions.Revoking;

/// <summary>A session to revoke, with what its audit entry says.</summary>
/// <param name="Key">The id of a session, or the hash of its refresh token.</param>
/// <param name="Event">One of <see cref="AuditEvents"/>.</param>
/// <param name="Reason">The reason that the holder of the refresh token is told.</param>
/// <param name="By">The audit actor.</param>
internal sealed record SessionToRevoke<TKey>(TKey Key, string Event, EndReason Reason, AuditActor By);

/// <summary>
/// Revokes single sessions, batched: those of one moment share one statement and one commit, audit entries included. Rows are locked in the order of their ids,
/// so that instances do not deadlock.
/// </summary>
internal sealed class SessionRevocationBatcher(BatchConnections connections, TimeProvider clock)
{
    /// <summary>Revokes a session by its id. The result is null when there is no such session, or it has expired.</summary>
    public StatementBatcher<SessionToRevoke<Guid>, RevokedSessions?> ById { get; } = new(connections, (store, sessions) => store.IsPostgres
        ? RevokeAsync(store, "id", sessions, clock.GetUtcNow())
        : RevokeOneAsync(store, (key, now) => $"id = {key} AND expire_at > {now}", sessions[0], clock.GetUtcNow()));

    /// <summary>Revokes a session by its refresh token. The result is null when there is no such session, or it has expired.</summary>
    public StatementBatcher<SessionToRevoke<byte[]>, RevokedSessions?> ByRefreshToken { get; } = new(connections, (store, sessions) => store.IsPostgres
        ? RevokeAsync(store, "refresh_token_hash", sessions, clock.GetUtcNow())
        : RevokeOneAsync(store, (key, now) => $"refresh_token_hash = {key} AND expire_at > {now}", sessions[0], clock.GetUtcNow()));

    private static async Task<IReadOnlyList<RevokedSessions?>> RevokeOneAsync<TKey>(
        Store store, Func<TKey, long, FormattableString> which, SessionToRevoke<TKey> session, DateTimeOffset now) =>
        [await SessionDeletion.RevokeOneAsync(
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
            row => row.Number, row => RevokedSessions.One(row.Id, now, new(row.Known, row.UsualNotAfter), new(row.Epoch, row.Position)));
        return [.. Enumerable.Range(1, sessions.Count).Select(n => byNumber.GetValueOrDefault(n))];

        T[] Each<T>(Func<SessionToRevoke<TKey>, T> value) => [.. sessions.Select(value)];
    }

    /// <param name="Number">The position of the caller in the batch, from 1.</param>
    /// <param name="Id">The id of the session.</param>
    private sealed record Row(long Number, Guid Id, long? Known, long? UsualNotAfter, string Epoch, long Position);
}
