using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;

namespace AuthService.Webhooks;

internal abstract record DeliveryOutcome
{
    private DeliveryOutcome()
    {
    }

    /// <param name="Id">The id of the requested delivery.</param>
    internal sealed record Requested(string Id) : DeliveryOutcome;

    /// <param name="Deliveries">The number of requested deliveries.</param>
    /// <param name="Next">The time from which to continue; null when there are no more.</param>
    internal sealed record Replayed(int Deliveries, DateTimeOffset? Next) : DeliveryOutcome
    {
        /// <summary>The position of the last one when there are more, because others may have the same time.</summary>
        public RowPosition? Last { get; init; }
    }

    internal sealed record UnknownWebhook : DeliveryOutcome;

    internal sealed record UnknownDelivery : DeliveryOutcome;

    /// <summary>The webhook is disabled, so nothing is sent to it.</summary>
    internal sealed record Disabled : DeliveryOutcome;
}

/// <summary>Creates the deliveries that administrators request.</summary>
internal sealed class WebhookDeliveryService(
    Store store, WebhookStore webhooks, WebhookDeliveryStore deliveries, WebhookMessages messages, TimeProvider clock)
{
    /// <summary>The most deliveries of one replay.</summary>
    public const int MostReplayed = 5_000;

    /// <summary>Sends a test message without any data about events.</summary>
    public Task<DeliveryOutcome> TestAsync(Guid id, AuditActor by) => RequestAsync(id, by, async (webhook, now) =>
    {
        var ping = WebhookMessages.Ping(webhook.Id, now);
        await deliveries.AddAsync([(webhook.Id, ping)], now);
        await AuditAsync(by, AuditEvents.WebhookTested, now, webhook, ping.Id);
        return new DeliveryOutcome.Requested(ping.Id);
    });

    public Task<DeliveryOutcome> RedeliverAsync(Guid id, string delivery, AuditActor by) => RequestAsync(id, by, async (webhook, now) =>
    {
        if (!await deliveries.TryRequestAgainAsync(webhook.Id, delivery, now))
            return new DeliveryOutcome.UnknownDelivery();
        await AuditAsync(by, AuditEvents.WebhookReplayed, now, webhook, delivery);
        return new DeliveryOutcome.Requested(delivery);
    });

    /// <summary>Sends the messages about events from a time on again, the oldest first and at most <see cref="MostReplayed"/>.</summary>
    /// <param name="id">The id of the webhook.</param>
    /// <param name="from">The time of the first event.</param>
    /// <param name="by">The audit actor.</param>
    /// <param name="after">The position where the previous replay ended; null to begin.</param>
    public Task<DeliveryOutcome> ReplayAsync(Guid id, DateTimeOffset from, AuditActor by, RowPosition? after = null) =>
        RequestAsync(id, by, async (webhook, now) =>
        {
            var entries = await ReplayedEntries.ListAsync(store, webhook.EventPatterns, from, after, MostReplayed + 1);
            var replayed = await messages.CreateAsync([.. entries.Take(MostReplayed)]);
            await deliveries.AddAgainAsync([.. replayed.Select(message => (webhook.Id, message))], now);
            await AuditAsync(by, AuditEvents.WebhookReplayed, now, webhook, $"{replayed.Count} from {from:O}");
            if (entries.Count <= MostReplayed)
                return new DeliveryOutcome.Replayed(replayed.Count, Next: null);
            var last = entries[MostReplayed - 1];
            return new DeliveryOutcome.Replayed(replayed.Count, entries[MostReplayed].At) { Last = new RowPosition(last.At, last.Number) };
        });

    private Task<DeliveryOutcome> RequestAsync(Guid id, AuditActor by, Func<Webhook, DateTimeOffset, Task<DeliveryOutcome>> request) =>
        store.InTransactionOfAsync(by, clock, async now => await webhooks.HoldAsync(id) switch
        {
            null => new DeliveryOutcome.UnknownWebhook(),
            { Enabled: false } => new DeliveryOutcome.Disabled(),
            { } webhook => await request(webhook, now),
        });

    private Task AuditAsync(AuditActor by, string name, DateTimeOffset now, Webhook webhook, string detail) =>
        webhooks.AddEntryAsync(by.CreateEntry(name, now, principal: null, detail: $"{webhook.ToAuditText()}: {detail}"));
}
