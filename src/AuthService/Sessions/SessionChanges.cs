using System.Runtime.CompilerServices;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Revocations;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <param name="Key">The id of a session, or the hash of its refresh token.</param>
/// <param name="Event">One of <see cref="AuditEvents"/>.</param>
/// <param name="Reason">What whoever still holds the refresh token is told.</param>
/// <param name="By">Who does it.</param>
internal sealed record SessionToRevoke<TKey>(TKey Key, string Event, EndReason Reason, AuditActor By);

/// <summary>
/// The changes to single sessions that come by the thousand, batched: those of one moment are one statement and one commit,
/// audit entries included. Rows are locked in the order of their ids, so that instances do not wait for each other in a circle.
/// </summary>
internal sealed class SessionChanges(BatchConnections connections, TimeProvider clock)
{
    /// <summary>Takes a session as it is after it was used now. False when it has been revoked, suspended or has expired in the meantime.</summary>
    public StatementBatcher<Session, bool> Touch { get; } = new(connections, TouchAsync);

    /// <summary>Null when there is no session of this id, or it has expired.</summary>
    public StatementBatcher<SessionToRevoke<Guid>, RevokedSessions?> RevokeById { get; } = new(connections, (store, sessions) => store.IsPostgres
        ? RevokeAsync(store, "id", sessions, clock.GetUtcNow())
        : RevokeOneAsync(store, (key, now) => $"id = {key} AND expire_at > {now}", sessions[0], clock.GetUtcNow()));

    /// <summary>Null when there is no session of this refresh token, or it has expired.</summary>
    public StatementBatcher<SessionToRevoke<byte[]>, RevokedSessions?> RevokeByRefreshToken { get; } = new(connections, (store, sessions) => store.IsPostgres
        ? RevokeAsync(store, "refresh_token_hash", sessions, clock.GetUtcNow())
        : RevokeOneAsync(store, (key, now) => $"refresh_token_hash = {key} AND expire_at > {now}", sessions[0], clock.GetUtcNow()));

    /// <summary>One session in a transaction of its own, with its audit entry.</summary>
    /// <param name="store">The caller's.</param>
    /// <param name="which">The condition that finds it.</param>
    /// <param name="name">One of <see cref="AuditEvents"/>.</param>
    /// <param name="ending">Why.</param>
    public static Task<RevokedSessions?> RevokeOneAsync(Store store, FormattableString which, string name, SessionEnding ending) =>
        store.InTransactionAsync(async () =>
        {
            if (await SessionDeletion.TryDeleteOneAsync(store, which, ending) is not { } revoked)
                return null;
            await InsertEntriesAsync(store, [revoked], name, ending);
            return OneOf(revoked, ending.At);
        });

    /// <summary>The same with several, each of which has an audit entry of its own.</summary>
    public static Task<IReadOnlyList<RevokedSessions>> RevokeEachAsync(
        Store store, FormattableString which, string name, SessionEnding ending, string? detail = null) =>
        store.InTransactionAsync<IReadOnlyList<RevokedSessions>>(async () =>
        {
            var revoked = await SessionDeletion.DeleteEachAsync(store, which, ending);
            await InsertEntriesAsync(store, revoked, name, ending, detail);
            return [.. revoked.Select(session => OneOf(session, ending.At))];
        });

    /// <summary>Whoever acts in a session is the actor where nobody else ends it: the administrator while it impersonates.</summary>
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
        Session[] inOrder = [.. touched.OrderBy(session => session.Id)];
        var changed = await store.WriteAsync<TouchedRow>(
            $"""
            UPDATE sessions AS s SET last_used_at = a.at, suspend_at = a.suspend_at
            FROM unnest({inOrder.Select(session => session.Id).ToArray()},
                        {inOrder.Select(session => UnixMicroseconds.From(session.LastUsedAt)).ToArray()},
                        {inOrder.Select(session => UnixMicroseconds.From(session.SuspendAt)).ToArray()},
                        {inOrder.Select(session => session.PrincipalNumber).ToArray()}) AS a (id, at, suspend_at, principal_number)
            WHERE s.id = a.id AND s.principal_number = a.principal_number AND s.suspend_at > a.at AND s.expire_at > a.at
            RETURNING s.id AS "Id", s.principal_number AS "PrincipalNumber"
            """);
        return [.. touched.Select(session => changed.Contains(new TouchedRow(session.Id, session.PrincipalNumber)))];
    }

    private static async Task<bool> TryTouchAsync(Store store, Session touched) => await store.WriteAsync(db => db.Set<Session>()
        .Where(s => s.Id == touched.Id && s.PrincipalNumber == touched.PrincipalNumber && s.SuspendAt > touched.LastUsedAt && s.ExpireAt > touched.LastUsedAt)
        .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastUsedAt, touched.LastUsedAt).SetProperty(s => s.SuspendAt, touched.SuspendAt))) == 1;

    private static async Task<IReadOnlyList<RevokedSessions?>> RevokeOneAsync<TKey>(
        Store store, Func<TKey, long, FormattableString> which, SessionToRevoke<TKey> session, DateTimeOffset now) =>
        [await RevokeOneAsync(
            store, which(session.Key, UnixMicroseconds.From(now)), session.Event, new SessionEnding(session.Reason, session.By, now))];

    /// <summary>Of several callers that revoke one session, one does.</summary>
    private static async Task<IReadOnlyList<RevokedSessions?>> RevokeAsync<TKey>(
        Store store, string key, IReadOnlyList<SessionToRevoke<TKey>> sessions, DateTimeOffset now)
    {
        var sql = $$"""
            WITH wanted AS (SELECT * FROM unnest({0}, {1}, {2}, {3}, {4}, {5}, {6}, {8})
                                          WITH ORDINALITY AS w (key, event, actor, actor_kind, actor_session_id, actor_api_key_id, ip_address, reason, n)),
                 held AS (SELECT wanted.n, s.id FROM sessions AS s JOIN wanted ON s.{{key}} = wanted.key WHERE s.expire_at > {7}
                          ORDER BY s.id FOR UPDATE OF s),
                 revoked AS (DELETE FROM sessions AS s USING held WHERE s.id = held.id
                             RETURNING held.n, s.id, s.principal_number, s.actor_number, s.refresh_token_hash, s.root_id, s.extended_from,
                                       s.access_token_lifetime, s.tokens_until, s.expire_at),
                 kept AS (INSERT INTO ended_sessions ({{SessionDeletion.KeptColumns}}, reason, ended_by, ended_at, expire_at)
                          SELECT {{SessionDeletion.KeptColumns}}, reason, actor, {7}, {9} FROM revoked JOIN wanted USING (n) ORDER BY n),
                 recorded AS (INSERT INTO audit_events (at, event, outcome, actor, actor_kind, actor_session_id, actor_api_key_id,
                                                        principal, session_id, ip_address)
                              SELECT {7}, event, 0, COALESCE(actor, a.id, p.id), actor_kind, actor_session_id, actor_api_key_id, p.id, revoked.id,
                                     ip_address
                              FROM revoked JOIN wanted USING (n) JOIN principals AS p ON p.number = revoked.principal_number
                                   LEFT JOIN principals AS a ON a.number = revoked.actor_number ORDER BY n)
            SELECT n AS "Number", id AS "Id", {10}, {11} FROM revoked
            """;
        var revoked = await store.WriteAsync<Row>(SqlText.Join(FormattableStringFactory.Create(
            sql,
            sessions.Select(session => session.Key).ToArray(),
            sessions.Select(session => session.Event).ToArray(),
            sessions.Select(session => session.By.Actor).ToArray(),
            sessions.Select(session => (int)session.By.Kind).ToArray(),
            sessions.Select(session => session.By.SessionId).ToArray(),
            sessions.Select(session => session.By.ApiKeyId).ToArray(),
            sessions.Select(session => session.By.IpAddress).ToArray(),
            UnixMicroseconds.From(now),
            sessions.Select(session => (int)session.Reason).ToArray(),
            UnixMicroseconds.From(now + EndedSession.Lifetime),
            SessionDeletion.EndOfTokens(store, now),
            SessionDeletion.Place(store))));
        var byNumber = revoked.ToDictionary(
            row => row.Number, row => OneOf(row.Id, now, new(row.Known, row.UsualNotAfter), new(row.Epoch, row.Position)));
        return [.. Enumerable.Range(1, sessions.Count).Select(n => byNumber.GetValueOrDefault(n))];
    }

    private static RevokedSessions OneOf(Guid id, DateTimeOffset at, EndOfTokens tokens, CommitPlace place) => new(at, Count: 1, [id], tokens, place);

    /// <param name="Id">Of the session.</param>
    /// <param name="PrincipalNumber">Whose it is: of two callers of a batch one may have found it as somebody else's.</param>
    private sealed record TouchedRow(Guid Id, long PrincipalNumber);

    /// <param name="Number">Of the caller in the batch, from 1.</param>
    /// <param name="Id">Of the session.</param>
    private sealed record Row(long Number, Guid Id, long? Known, long? UsualNotAfter, string Epoch, long Position);
}
