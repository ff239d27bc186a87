using System.Diagnostics;
using AuthService.Webhooks;

namespace AuthService.Hosting;

/// <summary>
/// Delivers to webhooks. Deliveries of this instance are sent at once. Deliveries of other instances and postponed ones are found by polling.
/// </summary>
internal sealed class WebhookSendWorker(
    IServiceScopeFactory scopes, Readiness readiness, WebhookWakeUp wakeUp, WebhookDeliveryLoops loops, ILogger<WebhookSendWorker> logger) : Worker
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
                await wakeUp.WaitAsync(!readiness.IsPrepared || await TrySendAsync(stopping) ? Interval : IntervalWithoutWebhooks, stopping);
        }
        finally
        {
            await loops.WaitAsync();
        }
    }

    /// <returns>Whether there is a webhook.</returns>
    private Task<bool> TrySendAsync(CancellationToken stopping) => TryInScopeAsync(
        scopes,
        async services =>
        {
            var hasWebhooks = await services.GetRequiredService<WebhookStore>().AnyEnabledAsync();
            if (hasWebhooks)
                loops.Start(await services.GetRequiredService<WebhookDeliveryStore>().ListDueAsync(Now(services)), stopping);
            if (_sinceCount.Elapsed < CountInterval)
                return hasWebhooks;
            _sinceCount.Restart();
            await services.GetRequiredService<WebhookBacklogCheck>().CountAsync();
            return hasWebhooks;
        },
        error => HostingLog.WebhookSendingFailed(logger, error),
        stopping);

    private static DateTimeOffset Now(IServiceProvider services) => services.GetRequiredService<TimeProvider>().GetUtcNow();
}
