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

    /// <summary>
    /// Reads the audit log. A failure is only logged and tried again in the next round, because an exception in a worker stops the host.
    /// </summary>
    /// <returns>Whether there is a webhook.</returns>
    private async Task<bool> TryReadAsync(CancellationToken stopping)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<WebhookDispatcher>().DispatchAsync(reports.Lag, stopping);
            return await scope.ServiceProvider.GetRequiredService<WebhookStore>().AnyEnabledAsync();
        }
        catch (Exception error)
        {
            HostingLog.WebhookReadingFailed(logger, error);
            return false;
        }
    }
}
