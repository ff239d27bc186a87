using System.Buffers.Binary;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Idempotency;

/// <summary>Keeps answers for the repeats of their calls.</summary>
internal sealed class KeptAnswerStore(Store store, KeptAnswerQueries queries)
{
    public async Task<KeptAnswer?> FindAsync(byte[] keyHash, DateTimeOffset now) =>
        await store.ReadAsync(db => queries.ByKey(db, keyHash)) is { } answer && now < answer.ForgetAt ? answer : null;

    /// <summary>
    /// Waits until nobody else, on any instance, runs a call with this key, and keeps others waiting until the current
    /// transaction is over. Two keys may share a lock; they then wait for each other and nothing worse. In SQLite every
    /// transaction waits for the one before.
    /// </summary>
    public Task LockAsync(byte[] keyHash) => store.IsPostgres
        ? store.WriteAsync($"SELECT pg_advisory_xact_lock({BinaryPrimitives.ReadInt64BigEndian(keyHash)})")
        : Task.CompletedTask;

    /// <summary>In the place of an older answer that is to be forgotten, if there is one.</summary>
    public Task KeepAsync(KeptAnswer answer) => store.WriteAsync(
        $"""
        INSERT INTO kept_answers (key_hash, request_hash, key_id, sealed_answer, forget_at)
        VALUES ({answer.KeyHash}, {answer.RequestHash}, {answer.KeyId}, {answer.SealedAnswer}, {UnixMicroseconds.From(answer.ForgetAt)})
        ON CONFLICT (key_hash) DO UPDATE SET request_hash = excluded.request_hash, key_id = excluded.key_id,
            sealed_answer = excluded.sealed_answer, forget_at = excluded.forget_at
        """);

    /// <summary>Deletes some answers that nobody may ask for any more.</summary>
    public Task<int> DeleteForgottenAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<KeptAnswer>(nameof(KeptAnswer.ForgetAt), now, limit, cancellation);
}

/// <summary>Compiled once. A compiled query belongs to one model, and so to one host, hence no static field.</summary>
internal sealed class KeptAnswerQueries
{
    public Func<AuthDbContext, byte[], Task<KeptAnswer?>> ByKey { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, byte[] keyHash) => db.Set<KeptAnswer>().AsNoTracking().FirstOrDefault(answer => answer.KeyHash == keyHash));
}
