using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;

namespace AuthService.Webhooks;

internal abstract record WebhookOutcome
{
    private WebhookOutcome()
    {
    }

    /// <param name="Webhook">As it is kept.</param>
    /// <param name="Secret">Shown once; null unless it is new.</param>
    internal sealed record Done(Webhook Webhook, WebhookSecret? Secret = null) : WebhookOutcome;

    internal sealed record Unknown : WebhookOutcome;

    /// <param name="Words">What the address must be.</param>
    internal sealed record BadUrl(string Words) : WebhookOutcome;

    /// <summary>The address leads to what is not the public internet.</summary>
    internal sealed record AddressNotAllowed : WebhookOutcome;

    /// <summary>There are as many as there may be.</summary>
    internal sealed record TooMany : WebhookOutcome;

    /// <summary>The encryption key to seal the secret with is not configured.</summary>
    internal sealed record KeyMissing : WebhookOutcome;
}

/// <param name="Url">Where deliveries go.</param>
/// <param name="Events">Known patterns; null for every success.</param>
/// <param name="Description">For people.</param>
internal sealed record WantedWebhook(string? Url, IReadOnlyList<string>? Events, string? Description);

/// <summary>What changes about a webhook; what is not given stays as it is.</summary>
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
            FailingSince = !enabled || (Url is null && webhook.Enabled) ? webhook.FailingSince : null, // kept for whoever replays once it is enabled
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

/// <summary>Makes, changes and deletes webhooks.</summary>
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
            await reader.HoldAsync(WebhookDispatcher.Reader); // or two at once would be one too many
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

    /// <summary>The secret of now signs for another day beside the new one.</summary>
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

    /// <summary>What was before a webhook was made or enabled is not for it.</summary>
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
