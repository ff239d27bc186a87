using AuthService.Storage;

namespace AuthService.Webhooks;

/// <summary>Keeps what came of attempts, and draws the conclusions for the webhook.</summary>
internal sealed class DeliveryResults(
    WebhookStore webhooks, WebhookDeliveryStore deliveries, WebhookDisabling disabling, WebhookReports reports, TimeProvider clock)
{
    /// <param name="webhook">As it was before the attempt.</param>
    /// <param name="delivery">The claim, which is given up.</param>
    /// <param name="begun">When the attempt began.</param>
    /// <param name="result">What came of it.</param>
    public async Task KeepAsync(Webhook webhook, ClaimedDelivery delivery, DateTimeOffset begun, AttemptResult result)
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

    private static DateTimeOffset? NextAfter(ClaimedDelivery delivery, AttemptResult result, DateTimeOffset now) => RetrySchedule.NextAfter(
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
