using System.Buffers.Binary;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Idempotency;

/// <summary>Stores responses for the repeats of their calls.</summary>
internal sealed class KeptAnswerStore(Store store, KeptAnswerQueries queries)
{
    public async Task<KeptAnswer?> FindAsync(byte[] keyHash, DateTimeOffset now) =>
        await store.ReadAsync(db => queries.ByKey(db, keyHash)) is { } answer && now < answer.ForgetAt ? answer : null;

    /// <summary>
    /// Locks the key until the transaction ends, on every instance. Two keys may share a lock; then they only wait for each other. In SQLite every transaction
    /// waits for the one before anyway.
    /// </summary>
    public Task LockAsync(byte[] keyHash) => store.IsPostgres
        ? store.WriteAsync($"SELECT pg_advisory_xact_lock({BinaryPrimitives.ReadInt64BigEndian(keyHash)})")
        : Task.CompletedTask;

    /// <summary>Stores a response, in place of an older one that has expired.</summary>
    public Task KeepAsync(KeptAnswer answer) => store.WriteAsync(
        $"""
        INSERT INTO kept_answers (key_hash, request_hash, key_id, sealed_answer, forget_at)
        VALUES ({answer.KeyHash}, {answer.RequestHash}, {answer.KeyId}, {answer.SealedAnswer}, {UnixMicroseconds.From(answer.ForgetAt)})
        ON CONFLICT (key_hash) DO UPDATE SET request_hash = excluded.request_hash, key_id = excluded.key_id,
            sealed_answer = excluded.sealed_answer, forget_at = excluded.forget_at
        """);
}

/// <summary>
/// The queries for stored responses, compiled once. A compiled query belongs to one model, and so to one host, which is why the field is not static.
/// </summary>
internal sealed class KeptAnswerQueries
{
    public Func<AuthDbContext, byte[], Task<KeptAnswer?>> ByKey { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, byte[] keyHash) => db.Set<KeptAnswer>().AsNoTracking().FirstOrDefault(answer => answer.KeyHash == keyHash));
}
