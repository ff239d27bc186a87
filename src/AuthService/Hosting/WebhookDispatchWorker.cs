using AuthService.Webhooks;

namespace AuthService.Hosting;

/// <summary>
/// Creates deliveries from the audit entries of all instances. Without new entries a round takes two look-ups. Without a webhook rounds are rare.
/// </summary>
internal sealed class WebhookDispatchWorker(
    IServiceScopeFactory scopes, Readiness readiness, WebhookChangeWakeUp changes, WebhookReports reports, ILogger<WebhookDispatchWorker> logger) : Worker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The interval without webhooks, and after a failure. The first webhook of another instance is noticed that late; one of this instance at once.
    /// </summary>
    private static readonly TimeSpan IntervalWithoutWebhooks = TimeSpan.FromSeconds(5);

    /// <summary>Runs the loop, also while the instance drains, because its last calls are audited.</summary>
    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (true)
            await changes.WaitAsync(!readiness.IsPrepared || await TryReadAsync(stopping) ? Interval : IntervalWithoutWebhooks, stopping);
    }

    /// <returns>Whether there is a webhook.</returns>
    private Task<bool> TryReadAsync(CancellationToken stopping) => TryInScopeAsync(
        scopes,
        async services =>
        {
            await services.GetRequiredService<WebhookDispatcher>().DispatchAsync(reports.Lag, stopping);
            return await services.GetRequiredService<WebhookStore>().AnyEnabledAsync();
        },
        error => HostingLog.WebhookReadingFailed(logger, error),
        stopping);
}
