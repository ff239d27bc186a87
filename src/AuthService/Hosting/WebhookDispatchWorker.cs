using AuthService.Webhooks;

namespace AuthService.Hosting;

/// <summary>
/// Makes deliveries of the audit entries of all instances. While there are none to read, that is two look-ups in each round; without a webhook
/// rounds are rare.
/// </summary>
internal sealed class WebhookDispatchWorker(
    IServiceScopeFactory scopes, Readiness readiness, WebhookChangeWakeUp changes, WebhookReports reports, ILogger<WebhookDispatchWorker> logger) : Worker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Also after a failure. It is how long another instance's first webhook is not noticed; this one's is at once.</summary>
    private static readonly TimeSpan IntervalWithoutWebhooks = TimeSpan.FromSeconds(5);

    /// <summary>Goes on while the instance drains: its last calls are audited.</summary>
    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (true)
            await changes.WaitAsync(!readiness.IsPrepared || await TryReadAsync(stopping) ? Interval : IntervalWithoutWebhooks, stopping);
    }

    /// <summary>A worker that throws would stop the host; the next round tries again.</summary>
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
