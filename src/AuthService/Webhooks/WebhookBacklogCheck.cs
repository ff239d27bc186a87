namespace AuthService.Webhooks;

/// <summary>
/// Counts the waiting deliveries and disables a webhook that has too many, so that an unavailable receiver does not fill the disk. A receiver that answers
/// may have twice as many, for example after its webhook was enabled again; even more are accepted while the number does not grow.
/// </summary>
internal sealed class WebhookBacklogCheck(
    WebhookStore webhooks, WebhookDeliveryStore deliveries, WebhookDisabling disabling, WebhookReports reports, TimeProvider clock)
{
    /// <summary>How long a receiver must have failed without a success until it counts as unavailable.</summary>
    private static readonly TimeSpan LongestHiccup = TimeSpan.FromMinutes(5);

    public async Task CountAsync()
    {
        var now = clock.GetUtcNow();
        var waiting = await deliveries.CountWaitingAsync();
        var before = reports.Waiting(waiting);
        foreach (var (id, count) in waiting.Where(webhook => webhook.Value > WebhookDelivery.MostWaiting))
        {
            if (await webhooks.FindAsync(id) is { Enabled: true } webhook
                && (webhook.FailingSince <= now - LongestHiccup || (count > WebhookDelivery.MostWaiting * 2 && count > before.GetValueOrDefault(id, count))))
                await disabling.DisableAsync(webhook, DisabledReason.Overflowing, now);
        }
    }
}
