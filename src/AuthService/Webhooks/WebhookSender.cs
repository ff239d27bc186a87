using AuthService.Storage;

namespace AuthService.Webhooks;

/// <summary>Delivers what is due for one webhook. It leases a delivery, sends it, and schedules a retry when it failed.</summary>
internal sealed class WebhookSender(
    WebhookStore webhooks, WebhookDeliveryStore deliveries, WebhookTransport transport, DeliveryResults results, TimeProvider clock)
{
    /// <summary>The duration of a lease, longer than an attempt takes. After a crash the delivery is tried again when it has passed.</summary>
    private static readonly TimeSpan LeaseLifetime = TimeSpan.FromMinutes(1);

    /// <summary>Sends one delivery after the other until none is due.</summary>
    public async Task SendDueAsync(Guid id, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && await deliveries.TryLeaseAsync(id, clock.GetUtcNow(), LeaseLifetime) is { } delivery)
        {
            if (await webhooks.FindAsync(id) is not { Enabled: true } webhook || !delivery.IsLeasedFor(WebhookTransport.Timeout, clock.GetUtcNow()))
            {
                await deliveries.ReleaseAsync(delivery);
                continue;
            }

            var begun = clock.GetUtcNow();
            await results.KeepAsync(webhook, delivery, begun, await AttemptAsync(webhook, delivery, begun, stopping));
        }
    }

    private async Task<AttemptResult> AttemptAsync(Webhook webhook, LeasedDelivery delivery, DateTimeOffset now, CancellationToken stopping) =>
        webhooks.OpenSecrets(webhook, now) is { Count: > 0 } secrets
            ? await transport.SendAsync(new SignedMessage(new Uri(webhook.Url), delivery.Id, delivery.Payload, secrets), stopping)
            : new AttemptResult(AttemptOutcome.KeyMissing);
}
