using System.Diagnostics;
using AuthService.Webhooks;

namespace AuthService.Hosting;

/// <summary>
/// Delivers to webhooks. Deliveries of this instance are sent at once. Deliveries of other instances and postponed ones are found by polling.
/// </summary>
internal sealed class WebhookSendWorker(
    IServiceScopeFactory scopes, Readiness readiness, WebhookWakeUp signal, WebhookDeliveryLoops lines, ILogger<WebhookSendWorker> logger) : Worker
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The interval without webhooks, and after a failure.</summary>
    private static readonly TimeSpan IntervalWithoutWebhooks = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(30);

    private readonly Stopwatch _sinceCount = Stopwatch.StartNew();

    /// <summary>Runs the loop. At a stop it waits for deliveries that are being sent, which takes a few seconds.</summary>
    protected override async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
                await signal.WaitAsync(!readiness.IsPrepared || await TrySendAsync(stopping) ? Interval : IntervalWithoutWebhooks, stopping);
        }
        finally
        {
            await lines.WaitAsync();
        }
    }

    /// <summary>Sends what is due. A failure is only logged and tried again in the next round, because an exception in a worker stops the host.</summary>
    /// <returns>Whether there is a webhook.</returns>
    private async Task<bool> TrySendAsync(CancellationToken stopping)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var hasWebhooks = await scope.ServiceProvider.GetRequiredService<WebhookStore>().AnyEnabledAsync();
            if (hasWebhooks)
                lines.Start(await scope.ServiceProvider.GetRequiredService<WebhookDeliveryStore>().ListDueAsync(Now(scope.ServiceProvider)), stopping);
            if (_sinceCount.Elapsed < CountInterval)
                return hasWebhooks;
            _sinceCount.Restart();
            await scope.ServiceProvider.GetRequiredService<WebhookBacklogCheck>().CountAsync();
            return hasWebhooks;
        }
        catch (Exception error)
        {
            HostingLog.WebhookSendingFailed(logger, error);
            return false;
        }
    }

    private static DateTimeOffset Now(IServiceProvider services) => services.GetRequiredService<TimeProvider>().GetUtcNow();
}
