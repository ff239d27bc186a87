using AuthService.Audit;

namespace AuthService.Webhooks;

/// <summary>Creates the deliveries for committed audit entries, each once, in one transaction with the reader's position.</summary>
internal sealed class WebhookDispatcher(
    EventReader reader, WebhookStore webhooks, WebhookDeliveryStore deliveries, WebhookMessages messages, TimeProvider clock)
{
    public const string Reader = "webhooks";

    private const int MostAtOnce = 200;

    /// <param name="reportUnread">Receives the time of the oldest unread entry; null when there is none.</param>
    /// <param name="stopping">Stops the work between two transactions.</param>
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
