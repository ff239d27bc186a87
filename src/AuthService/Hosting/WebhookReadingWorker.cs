using AuthService.Webhooks;

namespace AuthService.Hosting;

/// <summary>Makes deliveries of the audit entries of all instances. While there are none to read, that is one look-up in each round.</summary>
internal sealed class WebhookReadingWorker(
    IServiceScopeFactory scopes, Readiness readiness, WebhookReports reports, TimeProvider clock, ILogger<WebhookReadingWorker> logger) : Worker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan IntervalAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>Goes on while the instance drains: its last calls are audited.</summary>
    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (true)
            await Task.Delay(!readiness.IsPrepared || await TryReadAsync(stopping) ? Interval : IntervalAfterFailure, stopping);
    }

    /// <summary>A worker that throws would stop the host; the next round tries again.</summary>
    private async Task<bool> TryReadAsync(CancellationToken stopping)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var oldest = await scope.ServiceProvider.GetRequiredService<WebhookDispatcher>().DispatchAsync(stopping);
            reports.Lag(oldest is { } at ? clock.GetUtcNow() - at : TimeSpan.Zero);
            return true;
        }
        catch (Exception error)
        {
            HostingLog.WebhookReadingFailed(logger, error);
            return false;
        }
    }
}
