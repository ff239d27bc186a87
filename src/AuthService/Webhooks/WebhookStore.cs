using System.Security.Cryptography;
using AuthService.Audit;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Webhooks;

/// <summary>Stores webhooks, with their secrets encrypted.</summary>
internal sealed class WebhookStore(Store store, SecretBox box, WebhookChangeWakeUp changes)
{
    public bool CanSeal => box.HasKey;

    /// <summary>Lists the webhooks, oldest first.</summary>
    public Task<List<Webhook>> ListAsync() =>
        store.ReadAsync(db => db.Set<Webhook>().AsNoTracking().OrderBy(webhook => webhook.CreatedAt).ThenBy(webhook => webhook.Id).ToListAsync());

    public Task<Webhook?> FindAsync(Guid id) => store.ReadAsync(db => db.Set<Webhook>().AsNoTracking().FirstOrDefaultAsync(webhook => webhook.Id == id));

    /// <summary>Finds a webhook and locks its row, so that nobody else changes it until the transaction ends.</summary>
    public async Task<Webhook?> HoldAsync(Guid id) => await store.TryHoldAsync($"webhooks WHERE id = {id}", RowLock.Exclusive) ? await FindAsync(id) : null;

    /// <summary>Lists the enabled webhooks and locks their rows against deletion until the transaction ends.</summary>
    public async Task<List<Webhook>> HoldEnabledAsync()
    {
        var ids = await store.HoldAsync<Guid>($"SELECT id AS \"Value\" FROM webhooks WHERE enabled ORDER BY id", RowLock.AgainstDeletion);
        return ids.Count == 0 ? [] : await store.ReadAsync(db => db.Set<Webhook>().AsNoTracking().Where(webhook => ids.Contains(webhook.Id)).ToListAsync());
    }

    public Task<int> CountAsync() => store.ReadAsync(db => db.Set<Webhook>().CountAsync());

    /// <summary>Checks whether any webhook is enabled.</summary>
    public Task<bool> AnyEnabledAsync() => store.ReadAsync(db => db.Set<Webhook>().AnyAsync(webhook => webhook.Enabled));

    public async Task AddAsync(Webhook webhook)
    {
        await store.InsertAsync(webhook);
        store.AfterCommit(changes.Raise);
    }

    public SealedValue Seal(Guid webhook, WebhookSecret secret) => box.Seal(secret.ToBytes(), Webhook.PlaceOf(webhook));

    /// <summary>Decrypts the secrets that sign: the current one, and the previous one for a day after a rotation.</summary>
    /// <returns>An empty list when an encryption key is missing, or another key has its name.</returns>
    public IReadOnlyList<WebhookSecret> OpenSecrets(Webhook webhook, DateTimeOffset now)
    {
        List<SealedValue> secrets = [new(webhook.KeyId, webhook.SealedSecret)];
        if (webhook is { PreviousKeyId: { } keyId, PreviousSealedSecret: { } bytes } && webhook.PreviousSecretUntil > now)
            secrets.Add(new(keyId, bytes));
        try
        {
            return secrets.ConvertAll(secret => new WebhookSecret(box.Open(secret, Webhook.PlaceOf(webhook.Id))));
        }
        catch (CryptographicException)
        {
            return [];
        }
    }

    /// <summary>Updates a webhook while its row is locked.</summary>
    public async Task UpdateAsync(Webhook webhook)
    {
        await store.WriteAsync(db => db.Set<Webhook>().Where(row => row.Id == webhook.Id).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Url, webhook.Url)
            .SetProperty(row => row.Description, webhook.Description)
            .SetProperty(row => row.Events, webhook.Events)
            .SetProperty(row => row.Enabled, webhook.Enabled)
            .SetProperty(row => row.DisabledAt, webhook.DisabledAt)
            .SetProperty(row => row.DisabledReason, webhook.DisabledReason)
            .SetProperty(row => row.FailingSince, webhook.FailingSince)));
        store.AfterCommit(changes.Raise);
    }

    /// <summary>Replaces the secret; the current one becomes the previous one.</summary>
    public Task<int> ReplaceSecretAsync(Guid webhook, SealedValue secret, DateTimeOffset previousUntil) => store.WriteAsync(
        $"""
        UPDATE webhooks SET previous_key_id = key_id, previous_sealed_secret = sealed_secret, previous_secret_until = {UnixMicroseconds.From(previousUntil)},
               key_id = {secret.KeyId}, sealed_secret = {secret.Bytes}
        WHERE id = {webhook}
        """);

    /// <summary>Deletes a webhook and its deliveries.</summary>
    public Task<int> DeleteAsync(Guid webhook) => store.WriteAsync($"DELETE FROM webhooks WHERE id = {webhook}");

    /// <summary>
    /// Records a success, but only for the address that was called: the webhook may have another one by now. A disabled webhook keeps the moment from
    /// which a replay starts.
    /// </summary>
    public Task ForgetFailureAsync(Webhook called) => store.WriteAsync(
        $"UPDATE webhooks SET failing_since = NULL WHERE id = {called.Id} AND url = {called.Url} AND enabled AND failing_since IS NOT NULL");

    /// <summary>Records the first failure, but only for the address that was called.</summary>
    public Task KeepFailureAsync(Webhook called, DateTimeOffset now) => store.WriteAsync(
        $"""
        UPDATE webhooks SET failing_since = {UnixMicroseconds.From(now)} WHERE id = {called.Id} AND url = {called.Url} AND enabled AND failing_since IS NULL
        """);

    /// <summary>Disables the webhook once, even if several instances try, and only while the reason applies.</summary>
    public async Task<bool> TryDisableAsync(Webhook webhook, DisabledReason reason, DateTimeOffset now) => await store.WriteAsync(
        $"""
        UPDATE webhooks SET enabled = {false}, disabled_at = {UnixMicroseconds.From(now)}, disabled_reason = {(int)reason}
        WHERE id = {webhook.Id} AND enabled AND {StillHolds(reason, webhook, now)}
        """) == 1;

    public Task AddEntryAsync(AuditEntry entry) => store.InsertAsync(entry);

    private static FormattableString StillHolds(DisabledReason reason, Webhook webhook, DateTimeOffset now) => reason switch
    {
        DisabledReason.Gone => $"url = {webhook.Url}",
        DisabledReason.Failing => $"failing_since <= {UnixMicroseconds.From(now - Webhook.LongestFailure)}",
        _ when webhook.FailingSince is { } since => $"failing_since = {UnixMicroseconds.From(since)}",
        _ => $"failing_since IS NULL",
    };
}
