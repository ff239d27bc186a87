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
    internal sealed record Asked(string Id) : DeliveryOutcome;

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
    public Task<DeliveryOutcome> TestAsync(Guid webhook, AuditActor by) => AskAsync(webhook, by, async (asked, now) =>
    {
        var ping = WebhookMessages.Ping(asked.Id, now);
        await deliveries.AddAsync([(asked.Id, ping)], now);
        await AuditAsync(by, AuditEvents.WebhookTested, now, asked, ping.Id);
        return new DeliveryOutcome.Asked(ping.Id);
    });

    public Task<DeliveryOutcome> RedeliverAsync(Guid webhook, string delivery, AuditActor by) => AskAsync(webhook, by, async (asked, now) =>
    {
        if (!await deliveries.TryAskAgainAsync(asked.Id, delivery, now))
            return new DeliveryOutcome.UnknownDelivery();
        await AuditAsync(by, AuditEvents.WebhookReplayed, now, asked, delivery);
        return new DeliveryOutcome.Asked(delivery);
    });

    /// <summary>Sends the messages about events from a time on again, the oldest first and at most <see cref="MostReplayed"/>.</summary>
    /// <param name="webhook">The id of the webhook.</param>
    /// <param name="from">The time of the first event.</param>
    /// <param name="by">The audit actor.</param>
    /// <param name="after">The position where the previous replay ended; null to begin.</param>
    public Task<DeliveryOutcome> ReplayAsync(Guid webhook, DateTimeOffset from, AuditActor by, RowPosition? after = null) =>
        AskAsync(webhook, by, async (asked, now) =>
        {
            var entries = await ReplayedEntries.ListAsync(store, asked.EventPatterns, from, after, MostReplayed + 1);
            var replayed = await messages.CreateAsync([.. entries.Take(MostReplayed)]);
            await deliveries.AddAgainAsync([.. replayed.Select(message => (asked.Id, message))], now);
            await AuditAsync(by, AuditEvents.WebhookReplayed, now, asked, $"{replayed.Count} from {from:O}");
            if (entries.Count <= MostReplayed)
                return new DeliveryOutcome.Replayed(replayed.Count, Next: null);
            var last = entries[MostReplayed - 1];
            return new DeliveryOutcome.Replayed(replayed.Count, entries[MostReplayed].At) { Last = new RowPosition(last.At, last.Number) };
        });

    private Task<DeliveryOutcome> AskAsync(Guid id, AuditActor by, Func<Webhook, DateTimeOffset, Task<DeliveryOutcome>> ask) =>
        store.InTransactionOfAsync(by, clock, async now => await webhooks.HoldAsync(id) switch
        {
            null => new DeliveryOutcome.UnknownWebhook(),
            { Enabled: false } => new DeliveryOutcome.Disabled(),
            { } webhook => await ask(webhook, now),
        });

    private Task AuditAsync(AuditActor by, string name, DateTimeOffset now, Webhook webhook, string detail) =>
        webhooks.AddEntryAsync(by.CreateEntry(name, now, principal: null, detail: $"{webhook.ToAuditText()}: {detail}"));
}
