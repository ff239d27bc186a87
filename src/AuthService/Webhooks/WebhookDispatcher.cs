using AuthService.Audit;

namespace AuthService.Webhooks;

/// <summary>Makes deliveries of the audit entries that were committed, each once, in one transaction with the reader's place.</summary>
internal sealed class WebhookDispatcher(
    EventReader reader, WebhookStore webhooks, WebhookDeliveryStore deliveries, WebhookMessages messages, TimeProvider clock)
{
    public const string Reader = "webhooks";

    private const int MostAtOnce = 200;

    /// <param name="reportUnread">Is told when the oldest entry was written that is still to be read; null when there is none.</param>
    /// <param name="stopping">Stops between two transactions.</param>
    public Task DispatchAsync(Action<DateTimeOffset?> reportUnread, CancellationToken stopping) =>
        reader.ReadAsync(Reader, MostAtOnce, TakeAsync, reportUnread, stopping);

    private async Task TakeAsync(IReadOnlyList<AuditEntry> entries)
    {
        var enabled = await webhooks.HoldEnabledAsync();
        if (enabled.Count == 0)
            return;
        var made = await messages.CreateAsync(entries);
        await deliveries.AddAsync(
            [.. from message in made from webhook in enabled where EventPattern.Matches(webhook.EventPatterns, message.Type) select (webhook.Id, message)],
            clock.GetUtcNow());
    }
}
