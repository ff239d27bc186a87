using AuthService.Audit;
using AuthService.Storage;

namespace AuthService.Sessions;

/// <summary>Why sessions are deleted.</summary>
/// <param name="Reason">What whoever still holds a refresh token is told.</param>
/// <param name="By">Who does it.</param>
/// <param name="At">When.</param>
internal sealed record SessionEnding(EndReason Reason, AuditActor By, DateTimeOffset At);

internal sealed record DeletedSession(Guid Id, long PrincipalNumber);

/// <summary>
/// Deletes sessions and keeps why they ended (<see cref="EndedSession"/>): in PostgreSQL by one statement, in SQLite by two of one transaction. No
/// session is deleted in another way, but for those in the batches of <see cref="SessionChanges"/>.
/// </summary>
internal static class SessionDeletion
{
    /// <summary>What is kept of a session.</summary>
    public const string KeptColumns = "id, principal_number, refresh_token_hash, root_id, extended_from, access_token_lifetime, tokens_until";

    private static readonly FormattableString Kept = SqlText.Raw(KeptColumns);
    private static readonly FormattableString Columns = SqlText.Raw($"{KeptColumns}, reason, ended_by, ended_at, expire_at");
    private static readonly FormattableString Deleted = SqlText.Raw("id AS \"Id\", principal_number AS \"PrincipalNumber\"");

    /// <param name="store">The caller's.</param>
    /// <param name="which">The condition that finds them.</param>
    /// <param name="ending">Why.</param>
    /// <returns>How many there were.</returns>
    public static Task<int> DeleteAsync(Store store, FormattableString which, SessionEnding ending) => DeleteAsync(store, which, ValuesOf(ending));

    /// <summary>The same with a condition that one session meets at most.</summary>
    public static async Task<DeletedSession?> TryDeleteOneAsync(Store store, FormattableString which, SessionEnding ending)
    {
        var values = ValuesOf(ending);
        if (store.IsPostgres)
            return (await store.WriteAsync<DeletedSession>(SqlText.Join($"{Deletion(which, values)} SELECT {Deleted} FROM gone"))).FirstOrDefault();
        return await store.InTransactionAsync(async () =>
        {
            await store.WriteAsync(Copy(which, values));
            return (await store.WriteAsync<DeletedSession>(SqlText.Join($"DELETE FROM sessions WHERE {which} RETURNING {Deleted}"))).FirstOrDefault();
        });
    }

    /// <summary>Deletes some sessions past their end, the oldest first. One that was idle too long ended then.</summary>
    public static Task<int> DeleteExpiredAsync(Store store, DateTimeOffset now, int limit)
    {
        var others = SqlText.Raw(store.IsPostgres ? "FOR UPDATE SKIP LOCKED" : "");
        return DeleteAsync(
            store,
            $"id IN (SELECT id FROM sessions WHERE expire_at <= {UnixMicroseconds.From(now)} ORDER BY expire_at, id LIMIT {limit} {others})",
            $"""
            CASE WHEN suspend_at < expire_at THEN {(int)EndReason.Idle} ELSE {(int)EndReason.Expired} END, NULL, suspend_at,
            suspend_at + {EndedSession.Lifetime.Ticks / TimeSpan.TicksPerMicrosecond}
            """);
    }

    /// <param name="store">The caller's.</param>
    /// <param name="which">The condition that finds them.</param>
    /// <param name="values">Reason, who, when, and until when that is kept.</param>
    private static async Task<int> DeleteAsync(Store store, FormattableString which, FormattableString values)
    {
        if (store.IsPostgres)
            return (await store.WriteAsync<int>(SqlText.Join($"{Deletion(which, values)} SELECT COUNT(*)::int AS \"Value\" FROM gone")))[0];
        return await store.InTransactionAsync(async () =>
        {
            await store.WriteAsync(Copy(which, values));
            return await store.WriteAsync(SqlText.Join($"DELETE FROM sessions WHERE {which}"));
        });
    }

    private static FormattableString ValuesOf(SessionEnding ending) =>
        $"{(int)ending.Reason}, {ending.By.Actor}, {UnixMicroseconds.From(ending.At)}, {UnixMicroseconds.From(ending.At + EndedSession.Lifetime)}";

    private static FormattableString Deletion(FormattableString which, FormattableString values) =>
        $"""
        WITH gone AS (DELETE FROM sessions WHERE {which} RETURNING *),
             kept AS (INSERT INTO ended_sessions ({Columns}) SELECT {Kept}, {values} FROM gone)
        """;

    private static FormattableString Copy(FormattableString which, FormattableString values) => SqlText.Join(
        $"INSERT INTO ended_sessions ({Columns}) SELECT {Kept}, {values} FROM sessions WHERE {which}");
}
