using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Mail;

/// <summary>A mail that only this instance may send until its lease expires.</summary>
internal sealed record LeasedMail(Guid Id, string Kind, string KeyId, byte[] SealedContent, long CreatedAt, int Attempts, long LeasedUntil, long ExpireAt)
    : ILeased;

/// <summary>Stores the waiting mails and the limits of mails per hour.</summary>
internal sealed class MailStore(Store store, SecretBox box, MailWakeUp signal)
{
    /// <summary>Encrypts and stores a mail, inside the caller's transaction.</summary>
    public async Task AddAsync(MailKind kind, MailContent content, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        var (keyId, bytes) = box.Seal(content.ToBytes(), OutboxMail.PlaceOf(id));
        await store.InsertAsync(new OutboxMail
        {
            Id = id,
            Kind = kind.Name,
            KeyId = keyId,
            SealedContent = bytes,
            CreatedAt = now,
            NextAttemptAt = now,
            ExpireAt = now + OutboxMail.Lifetime,
        });
        store.AfterCommit(signal.Raise);
    }

    /// <summary>
    /// Counts a mail against a limit, inside the caller's transaction. It is one statement, so that mails at the same moment on several instances
    /// do not exceed the limit.
    /// </summary>
    public async Task<bool> TryUseBudgetAsync(byte[] key, DateTimeOffset now)
    {
        var (at, expire) = (UnixMicroseconds.From(now), UnixMicroseconds.From(now + MailBudget.Window));
        return await store.WriteAsync(
            $"""
            INSERT INTO mail_budgets (key_hash, last_at, second_last_at, third_last_at, expire_at) VALUES ({key}, {at}, 0, 0, {expire})
            ON CONFLICT (key_hash) DO UPDATE
            SET last_at = excluded.last_at, second_last_at = mail_budgets.last_at, third_last_at = mail_budgets.second_last_at, expire_at = excluded.expire_at
            WHERE mail_budgets.third_last_at <= {UnixMicroseconds.From(now - MailBudget.Window)}
            """) == 1;
    }

    /// <summary>Leases one due mail that no instance is sending, or that an interrupted instance has left.</summary>
    /// <returns>Null when none is due.</returns>
    public async Task<LeasedMail?> TryLeaseAsync(DateTimeOffset now, TimeSpan duration)
    {
        var at = UnixMicroseconds.From(now);
        var leased = await store.WriteAsync<LeasedMail>(
            $"""
            UPDATE outbox_mails SET attempts = attempts + 1, claimed_until = {UnixMicroseconds.From(now + duration)}
            WHERE id = (
                SELECT id FROM outbox_mails
                WHERE next_attempt_at <= {at} AND expire_at > {at} AND (claimed_until IS NULL OR claimed_until <= {at})
                ORDER BY next_attempt_at LIMIT 1 {store.SkipLocked})
            RETURNING id AS "Id", kind AS "Kind", key_id AS "KeyId", sealed_content AS "SealedContent", created_at AS "CreatedAt", attempts AS "Attempts",
                      claimed_until AS "LeasedUntil", expire_at AS "ExpireAt"
            """);
        return leased.FirstOrDefault();
    }

    /// <exception cref="System.Security.Cryptography.CryptographicException">The encryption key is no longer configured.</exception>
    public MailContent Open(LeasedMail mail) => MailContent.From(box.Open(new SealedValue(mail.KeyId, mail.SealedContent), OutboxMail.PlaceOf(mail.Id)));

    /// <summary>Deletes a mail that was sent or never will be. If the lease was lost, nothing is deleted.</summary>
    public Task<int> DeleteAsync(LeasedMail mail) =>
        store.WriteAsync($"DELETE FROM outbox_mails WHERE id = {mail.Id} AND attempts = {mail.Attempts}");

    /// <summary>Gives up the lease and schedules the next attempt.</summary>
    public Task<int> PutOffAsync(LeasedMail mail, DateTimeOffset next) => store.WriteAsync(
        $"""
        UPDATE outbox_mails SET next_attempt_at = {UnixMicroseconds.From(next)}, claimed_until = NULL
        WHERE id = {mail.Id} AND attempts = {mail.Attempts}
        """);

    public Task<int> CountAsync() => store.ReadAsync(db => db.Set<OutboxMail>().CountAsync());
}
