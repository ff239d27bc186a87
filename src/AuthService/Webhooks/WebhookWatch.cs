namespace AuthService.Webhooks;

/// <summary>Counts what waits. A receiver that is away for long must not fill the disk.</summary>
internal sealed class WebhookWatch(
    WebhookStore webhooks, WebhookDeliveryStore deliveries, WebhookDisabling disabling, WebhookReports reports, TimeProvider clock)
{
    public async Task CountAsync()
    {
        var waiting = await deliveries.CountWaitingAsync();
        reports.Waiting(waiting.Values.Sum(count => (long)count));
        foreach (var (id, _) in waiting.Where(webhook => webhook.Value > WebhookDelivery.MostWaiting))
        {
            if (await webhooks.FindAsync(id) is { Enabled: true } webhook)
                await disabling.DisableAsync(webhook, DisabledReason.Overflowing, clock.GetUtcNow());
        }
    }
}
