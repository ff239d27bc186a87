namespace AuthService.Webhooks;

/// <summary>
/// Counts what waits. A receiver that is away for long must not fill the disk; one that answers is given the time to take what waits, which may be many
/// when its webhook was enabled again, unless it grows all the same.
/// </summary>
internal sealed class WebhookBacklogCheck(
    WebhookStore webhooks, WebhookDeliveryStore deliveries, WebhookDisabling disabling, WebhookReports reports, TimeProvider clock)
{
    /// <summary>How long a receiver has failed without a success between that is no longer one hiccup.</summary>
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
