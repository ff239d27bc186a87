using AuthService.Audit;
using AuthService.Principals;
using AuthService.Revocations;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions.Revoking;

/// <summary>
/// Deletes sessions and stores why they ended (<see cref="EndedSession"/>): in PostgreSQL with one statement, in SQLite with several in one transaction. All
/// sessions are deleted here, except the batches of <see cref="SessionRevocationBatcher"/>. A method that revokes also writes the audit entries.
/// </summary>
internal static class SessionDeletion
{
    /// <summary>SQL: the columns that are kept of a session.</summary>
    public const string KeptColumns = "id, principal_number, refresh_token_hash, root_id, extended_from, access_token_lifetime, tokens_until";

    private static readonly FormattableString Kept = SqlText.Raw(KeptColumns);
    private static readonly FormattableString Columns = SqlText.Raw($"{KeptColumns}, reason, ended_by, ended_at, expire_at");
    private static readonly FormattableString UsualNotAfter = SqlText.Raw("CASE WHEN access_token_lifetime IS NULL THEN expire_at END");

    /// <summary>Deletes the sessions that meet a condition. The caller writes the audit entry.</summary>
    /// <param name="store">The caller's store.</param>
    /// <param name="which">SQL: the condition that finds the sessions.</param>
    /// <param name="ending">The reason, the actor and the time.</param>
    public static Task<RevokedSessions> DeleteAsync(Store store, FormattableString which, SessionEnding ending) =>
        DeleteAsync(store, which, ValuesOf(ending), ending.At, ending.IsOfMost);

    /// <summary>Deletes the session that meets a condition, which at most one session meets, and writes its audit entry.</summary>
    /// <param name="store">The caller's store.</param>
    /// <param name="which">SQL: the condition that finds the session.</param>
    /// <param name="name">One of <see cref="AuditEvents"/>.</param>
    /// <param name="ending">The reason, the actor and the time.</param>
    /// <returns>Null when no session meets the condition.</returns>
    public static async Task<RevokedSessions?> RevokeOneAsync(Store store, FormattableString which, string name, SessionEnding ending) =>
        await RevokeEachAsync(store, which, name, ending) is [var only, ..] ? only : null;

    /// <summary>Deletes the sessions that meet a condition, and writes an audit entry for each, so only few sessions should meet it.</summary>
    public static Task<IReadOnlyList<RevokedSessions>> RevokeEachAsync(
        Store store, FormattableString which, string name, SessionEnding ending, string? detail = null) =>
        store.InTransactionAsync<IReadOnlyList<RevokedSessions>>(async () =>
        {
            var deleted = await DeleteEachAsync(store, which, ending);
            if (deleted.Count > 0)
                await InsertEntriesAsync(store, deleted, name, ending, detail);
            return
            [
                .. deleted.Select(session => RevokedSessions.One(
                    session.Id, ending.At, new(session.Known, session.UsualNotAfter), new(session.Epoch, session.Position))),
            ];
        });

    /// <summary>SQL: the members of <see cref="Revocations.EndOfTokens"/>, computed from the row of a session that ends now.</summary>
    public static FormattableString EndOfTokens(Store store, DateTimeOffset now) =>
        $"{Known(store, now)} AS \"Known\", {UsualNotAfter} AS \"UsualNotAfter\"";

    /// <summary>SQL: the members of <see cref="CommitPlace"/>, for what the transaction has written.</summary>
    public static FormattableString Place(Store store) => $"{CommitOrder.CurrentEpoch} AS \"Epoch\", {CommitOrder.Written(store)} AS \"Position\"";

    /// <summary>
    /// Deletes some sessions that have expired, the oldest first. A session that was idle until it expired is stored as ended at its idle time-out.
    /// </summary>
    /// <returns>The number of deleted sessions.</returns>
    public static async Task<int> DeleteExpiredAsync(Store store, DateTimeOffset now, int limit)
    {
        // The limit stands in the text: of a parameter the planner assumes a tenth of the table, and reads all of it.
        var most = SqlText.Raw($"{limit}");
        var deleted = await DeleteAsync(
            store,
            $"id IN (SELECT id FROM sessions WHERE expire_at <= {UnixMicroseconds.From(now)} ORDER BY expire_at, id LIMIT {most} {store.SkipLocked})",
            $"""
            CASE WHEN suspend_at < expire_at THEN {(int)EndReason.Idle} ELSE {(int)EndReason.Expired} END, NULL, suspend_at,
            suspend_at + {EndedSession.Lifetime.Ticks / TimeSpan.TicksPerMicrosecond}
            """,
            now);
        return deleted.Count;
    }

    private static async Task<IReadOnlyList<DeletedRow>> DeleteEachAsync(Store store, FormattableString which, SessionEnding ending)
    {
        var values = ValuesOf(ending);
        FormattableString deleted =
            $"""
            id AS "Id", principal_number AS "PrincipalNumber", actor_number AS "ActorNumber", {EndOfTokens(store, ending.At)}, {Place(store)}
            """;
        if (store.IsPostgres)
            return await store.WriteAsync<DeletedRow>($"{Deletion(which, values)} SELECT {deleted} FROM gone");
        return await store.InTransactionAsync(async () =>
        {
            await store.WriteAsync(Copy(which, values));
            return await store.WriteAsync<DeletedRow>($"DELETE FROM sessions WHERE {which} RETURNING {deleted}");
        });
    }

    /// <summary>
    /// Writes an audit entry for each session. When no caller was authenticated, the actor is the administrator while the session impersonates, otherwise its
    /// principal.
    /// </summary>
    private static async Task InsertEntriesAsync(
        Store store, IReadOnlyList<DeletedRow> deleted, string name, SessionEnding ending, string? detail)
    {
        long[] numbers = [.. deleted.SelectMany(session => new[] { session.PrincipalNumber, session.ActorNumber ?? session.PrincipalNumber }).Distinct()];
        var ids = await store.ReadAsync(db => db.Set<Principal>().Where(p => numbers.Contains(p.Number)).Select(p => new { p.Number, p.Id })
            .ToDictionaryAsync(p => p.Number, p => p.Id));
        await store.InsertAsync([.. deleted.Select(session => ending.By.Or(session.ActorNumber is { } administrator ? ids[administrator] : null)
            .CreateEntry(name, ending.At, ids[session.PrincipalNumber], sessionId: session.Id, detail: detail))]);
    }

    /// <param name="store">The caller's store.</param>
    /// <param name="which">SQL: the condition that finds the sessions.</param>
    /// <param name="values">SQL: the reason, the actor, the time of the end, and until when the record is kept.</param>
    /// <param name="now">The time of the deletion.</param>
    /// <param name="isOfMost">See <see cref="SessionEnding.IsOfMost"/>.</param>
    private static async Task<RevokedSessions> DeleteAsync(
        Store store, FormattableString which, FormattableString values, DateTimeOffset now, bool isOfMost = false)
    {
        if (store.IsPostgres)
        {
            FormattableString sql = $"{Deletion(which, values, isOfMost)} {Summary(store, SqlText.Raw("gone"), now)}";
            return ToRevoked(await store.WriteAsync<Row>(sql), now);
        }

        return await store.InTransactionAsync(async () =>
        {
            await store.WriteAsync(Copy(which, values));
            var deleted = ToRevoked(await store.ReadAsync<Row>(Summary(store, $"(SELECT * FROM sessions WHERE {which})", now)), now);
            await store.WriteAsync($"DELETE FROM sessions WHERE {which}");
            return deleted;
        });
    }

    private static FormattableString Known(Store store, DateTimeOffset now)
    {
        var (greatest, least) = store.IsPostgres ? (SqlText.Raw("GREATEST"), SqlText.Raw("LEAST")) : (SqlText.Raw("MAX"), SqlText.Raw("MIN"));
        return $"""
            CASE WHEN access_token_lifetime IS NULL THEN tokens_until
                 ELSE {greatest}(COALESCE(tokens_until, 0), {least}({UnixMicroseconds.From(now)} + access_token_lifetime * 1000, expire_at)) END
            """;
    }

    /// <summary>SQL: the totals of all the sessions, joined with the ids of some of them; one row when there are none.</summary>
    private static FormattableString Summary(Store store, FormattableString sessions, DateTimeOffset now) =>
        $"""
        SELECT totals.*, listed.id AS "Id", {Place(store)}
        FROM (SELECT CAST(COUNT(*) AS integer) AS "Count", MAX({Known(store, now)}) AS "Known", MAX({UsualNotAfter}) AS "UsualNotAfter"
              FROM {sessions} AS ended) AS totals
        LEFT JOIN (SELECT id FROM {sessions} AS ended LIMIT {RevokedSessions.MostIds}) AS listed ON TRUE
        """;

    private static RevokedSessions ToRevoked(List<Row> rows, DateTimeOffset at) => new(
        at, rows[0].Count, [.. rows.Select(row => row.Id).OfType<Guid>()], new(rows[0].Known, rows[0].UsualNotAfter), new(rows[0].Epoch, rows[0].Position));

    private static FormattableString ValuesOf(SessionEnding ending) =>
        $"{(int)ending.Reason}, {ending.By.Actor}, {UnixMicroseconds.From(ending.At)}, {UnixMicroseconds.From(ending.At + EndedSession.Lifetime)}";

    /// <summary>
    /// SQL: locks rows in the order of their ids, as <see cref="SessionRevocationBatcher"/> does, so that the two cannot deadlock. The ids become an array, so
    /// that the planner finds each by the primary key, whatever it assumes about the condition. An array of most sessions would not fit into memory.
    /// </summary>
    private static FormattableString Deletion(FormattableString which, FormattableString values, bool isOfMost = false)
    {
        var held = SqlText.Raw(isOfMost ? "IN (SELECT id FROM held)" : "= ANY(ARRAY(SELECT id FROM held))");
        return $"""
            WITH held AS (SELECT id FROM sessions WHERE {which} ORDER BY id FOR UPDATE),
                 gone AS (DELETE FROM sessions WHERE id {held} RETURNING *),
                 kept AS (INSERT INTO ended_sessions ({Columns}) SELECT {Kept}, {values} FROM gone)
            """;
    }

    private static FormattableString Copy(FormattableString which, FormattableString values) =>
        $"INSERT INTO ended_sessions ({Columns}) SELECT {Kept}, {values} FROM sessions WHERE {which}";

    /// <summary>A deleted session, with the members of <see cref="Revocations.EndOfTokens"/> and <see cref="CommitPlace"/>.</summary>
    private sealed record DeletedRow(
        Guid Id, long PrincipalNumber, long? ActorNumber, long? Known, long? UsualNotAfter, string Epoch, long Position);

    /// <summary>The totals of all deleted sessions, with the id of one of them.</summary>
    private sealed record Row(int Count, long? Known, long? UsualNotAfter, Guid? Id, string Epoch, long Position);
}
