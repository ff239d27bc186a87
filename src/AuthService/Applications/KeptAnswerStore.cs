using System.Buffers.Binary;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Applications;

/// <summary>Keeps answers for the repeats of their calls.</summary>
internal sealed class KeptAnswerStore(AuthDbContext db, ApplicationQueries queries)
{
    public async Task<KeptAnswer?> FindAsync(byte[] keyHash, DateTimeOffset now) =>
        await db.AskAsync(queries.AnswerByKey, keyHash) is { } answer && now < answer.ForgetAt ? answer : null;

    /// <summary>
    /// Waits until nobody else, on any instance, runs a call with this key, and keeps others waiting until the current
    /// transaction is over. Two keys may share a lock; they then wait for each other and nothing worse. In SQLite every
    /// transaction waits for the one before.
    /// </summary>
    public Task LockAsync(byte[] keyHash) => db.IsPostgres
        ? db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({BinaryPrimitives.ReadInt64BigEndian(keyHash)})")
        : Task.CompletedTask;

    /// <summary>In the place of an older answer that is to be forgotten, if there is one.</summary>
    public Task KeepAsync(KeptAnswer answer) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO kept_answers (key_hash, request_hash, key_id, sealed_answer, forget_at)
        VALUES ({answer.KeyHash}, {answer.RequestHash}, {answer.KeyId}, {answer.SealedAnswer}, {UnixMicroseconds.From(answer.ForgetAt)})
        ON CONFLICT (key_hash) DO UPDATE SET request_hash = excluded.request_hash, key_id = excluded.key_id,
            sealed_answer = excluded.sealed_answer, forget_at = excluded.forget_at
        """);

    /// <summary>Deletes some answers that nobody may ask for any more; instances that do so at the same time take different ones.</summary>
    public Task<int> DeleteForgottenAsync(DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var passOverLocked = db.IsPostgres ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $"DELETE FROM kept_answers WHERE key_hash IN (SELECT key_hash FROM kept_answers WHERE forget_at <= {{0}} ORDER BY forget_at LIMIT {{1}} {passOverLocked})";
        return db.Database.ExecuteSqlRawAsync(sql, [UnixMicroseconds.From(now), limit], cancellation);
    }
}
