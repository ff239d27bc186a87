using AuthService.Storage;

namespace AuthService.Webhooks;

/// <summary>Stores the results of attempts, and updates or disables the webhook accordingly.</summary>
internal sealed class DeliveryResults(
    WebhookStore webhooks, WebhookDeliveryStore deliveries, WebhookDisabling disabling, WebhookReports reports, TimeProvider clock)
{
    /// <param name="webhook">The webhook as it was before the attempt.</param>
    /// <param name="delivery">The leased delivery; the lease ends with this call.</param>
    /// <param name="begun">The time when the attempt began.</param>
    /// <param name="result">The result of the attempt.</param>
    public async Task KeepAsync(Webhook webhook, LeasedDelivery delivery, DateTimeOffset begun, AttemptResult result)
    {
        var now = clock.GetUtcNow();
        var attempt = new WebhookAttempt(begun, result.Outcome, result.StatusCode, (long)(now - begun).TotalMilliseconds);
        var next = result.Outcome is AttemptOutcome.Delivered or AttemptOutcome.Gone ? null : NextAfter(delivery, result, now);
        await deliveries.FinishAsync(delivery, attempt, next);
        reports.Attempted(webhook, delivery, result, next);
        if (result.IsSuccess)
            await webhooks.ForgetFailureAsync(webhook);
        else if (result.CountsAgainstReceiver)
            await KeepFailureAsync(webhook, result, now);
    }

    private static DateTimeOffset? NextAfter(LeasedDelivery delivery, AttemptResult result, DateTimeOffset now) => RetrySchedule.NextAfter(
        delivery.Attempts - delivery.AttemptsBefore, result.RetryAfter, now, UnixMicroseconds.To(delivery.GiveUpAt), Random.Shared.NextDouble());

    private async Task KeepFailureAsync(Webhook webhook, AttemptResult result, DateTimeOffset now)
    {
        await webhooks.KeepFailureAsync(webhook, now);
        if (result.Outcome is AttemptOutcome.Gone)
            await disabling.DisableAsync(webhook, DisabledReason.Gone, now);
        else if (now - webhook.FailingSince >= Webhook.LongestFailure)
            await disabling.DisableAsync(webhook, DisabledReason.Failing, now);
    }
}
