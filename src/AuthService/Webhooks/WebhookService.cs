using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;

namespace AuthService.Webhooks;

internal abstract record WebhookOutcome
{
    private WebhookOutcome()
    {
    }

    /// <param name="Webhook">The webhook as stored.</param>
    /// <param name="Secret">The new secret, which is shown once; null when it has not changed.</param>
    internal sealed record Done(Webhook Webhook, WebhookSecret? Secret = null) : WebhookOutcome;

    internal sealed record Unknown : WebhookOutcome;

    /// <param name="Words">The requirement that the address violates.</param>
    internal sealed record BadUrl(string Words) : WebhookOutcome;

    /// <summary>The address leads outside the public internet and the allowed networks.</summary>
    internal sealed record AddressNotAllowed : WebhookOutcome;

    /// <summary>The maximum number of webhooks exists already.</summary>
    internal sealed record TooMany : WebhookOutcome;

    /// <summary>No encryption key is configured to encrypt the secret with.</summary>
    internal sealed record KeyMissing : WebhookOutcome;
}

/// <param name="Url">The address that receives the deliveries.</param>
/// <param name="Events">Known patterns; null for every success.</param>
/// <param name="Description">A text for people.</param>
internal sealed record WantedWebhook(string? Url, IReadOnlyList<string>? Events, string? Description);

/// <summary>A change of a webhook; values that are not given stay as they are.</summary>
internal sealed record WebhookChange(string? Url, Optional<IReadOnlyList<string>> Events, Optional<string> Description, bool? Enabled)
{
    public Webhook ApplyTo(Webhook webhook, DateTimeOffset now)
    {
        var enabled = Enabled ?? webhook.Enabled;
        return webhook with
        {
            Url = Url ?? webhook.Url,
            Events = Events.IsGiven ? WebhookService.TextOf(Events.Value) : webhook.Events,
            Description = Description.IsGiven ? Description.Value : webhook.Description,
            Enabled = enabled,
            DisabledAt = enabled ? null : webhook.DisabledAt ?? now,
            DisabledReason = enabled ? null : webhook.DisabledReason ?? DisabledReason.ByAdministrator,
            FailingSince = !enabled || (Url is null && webhook.Enabled) ? webhook.FailingSince : null, // kept for a replay after it is enabled
        };
    }

    public string ToAuditText()
    {
        IEnumerable<string?> parts =
        [
            Url is not null ? "url" : null,
            Events.IsGiven ? "events" : null,
            Description.IsGiven ? "description" : null,
            Enabled is { } enabled ? $"enabled={enabled}" : null,
        ];
        return string.Join(' ', parts.OfType<string>());
    }
}

/// <summary>Creates, changes and deletes webhooks.</summary>
internal sealed class WebhookService(Store store, WebhookStore webhooks, WebhookAddresses addresses, EventReader reader, TimeProvider clock)
{
    public const int MostWebhooks = 100;

    public static string? TextOf(IReadOnlyList<string>? events) => events is null ? null : string.Join(' ', events);

    public async Task<WebhookOutcome> CreateAsync(WantedWebhook wanted, AuditActor by)
    {
        if (await FindFaultAsync(wanted.Url) is { } fault)
            return fault;
        if (!webhooks.CanSeal)
            return new WebhookOutcome.KeyMissing();
        return await store.InTransactionOfAsync<WebhookOutcome>(by, clock, async now =>
        {
            await StartReaderAsync();
            await reader.HoldAsync(WebhookDispatcher.Reader); // two at once would exceed the limit
            if (await webhooks.CountAsync() >= MostWebhooks)
                return new WebhookOutcome.TooMany();
            var (webhook, secret) = Create(wanted, now);
            await webhooks.AddAsync(webhook);
            await AuditAsync(by, AuditEvents.WebhookCreated, now, webhook);
            return new WebhookOutcome.Done(webhook, secret);
        });
    }

    public async Task<WebhookOutcome> ChangeAsync(Guid id, WebhookChange change, AuditActor by)
    {
        if (change.Url is { } url && await FindFaultAsync(url) is { } fault)
            return fault;
        return await ChangeAsync(id, by, async (webhook, now) =>
        {
            var changed = change.ApplyTo(webhook, now);
            if (changed.Enabled && !webhook.Enabled)
                await StartReaderAsync();
            await webhooks.UpdateAsync(changed);
            await AuditAsync(by, AuditEvents.WebhookChanged, now, changed, change.ToAuditText());
            return new WebhookOutcome.Done(changed);
        });
    }

    public Task<WebhookOutcome> DeleteAsync(Guid id, AuditActor by) => ChangeAsync(id, by, async (webhook, now) =>
    {
        await webhooks.DeleteAsync(webhook.Id);
        await AuditAsync(by, AuditEvents.WebhookDeleted, now, webhook);
        return new WebhookOutcome.Done(webhook);
    });

    /// <summary>Replaces the secret. The old one still signs for a day, beside the new one.</summary>
    public async Task<WebhookOutcome> RotateAsync(Guid id, AuditActor by)
    {
        if (!webhooks.CanSeal)
            return new WebhookOutcome.KeyMissing();
        var secret = WebhookSecret.New();
        return await ChangeAsync(id, by, async (webhook, now) =>
        {
            await webhooks.ReplaceSecretAsync(webhook.Id, webhooks.Seal(webhook.Id, secret), now + Webhook.SecretOverlap);
            await AuditAsync(by, AuditEvents.WebhookSecretRotated, now, webhook);
            return new WebhookOutcome.Done((await webhooks.FindAsync(webhook.Id))!, secret);
        });
    }

    /// <summary>Starts the reader. A webhook gets nothing from before it was created or enabled.</summary>
    private Task<int> StartReaderAsync() => reader.StartAsync(WebhookDispatcher.Reader, $"webhooks WHERE enabled");

    private Task<WebhookOutcome> ChangeAsync(Guid id, AuditActor by, Func<Webhook, DateTimeOffset, Task<WebhookOutcome>> change) =>
        store.InTransactionOfAsync(by, clock, async now =>
            await webhooks.HoldAsync(id) is { } webhook ? await change(webhook, now) : new WebhookOutcome.Unknown());

    private async Task<WebhookOutcome?> FindFaultAsync(string? url)
    {
        if (addresses.FindFault(url) is { } words)
            return new WebhookOutcome.BadUrl(words);
        return await addresses.MayLeadToAsync(new Uri(url!)) ? null : new WebhookOutcome.AddressNotAllowed();
    }

    private (Webhook Webhook, WebhookSecret Secret) Create(WantedWebhook wanted, DateTimeOffset now)
    {
        var (id, secret) = (Guid.CreateVersion7(now), WebhookSecret.New());
        var (keyId, bytes) = webhooks.Seal(id, secret);
        var webhook = new Webhook
        {
            Id = id,
            Url = wanted.Url!,
            Description = wanted.Description,
            Events = TextOf(wanted.Events),
            Enabled = true,
            KeyId = keyId,
            SealedSecret = bytes,
            CreatedAt = now,
        };
        return (webhook, secret);
    }

    private Task AuditAsync(AuditActor by, string name, DateTimeOffset now, Webhook webhook, string? more = null) => webhooks.AddEntryAsync(
        by.CreateEntry(name, now, principal: null, detail: more is null ? webhook.ToAuditText() : $"{webhook.ToAuditText()}: {more}"));
}
