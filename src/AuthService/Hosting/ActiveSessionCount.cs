using System.Diagnostics;
using AuthService.Sessions;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

/// <summary>
/// Counts the active sessions for the metric of that name, if anybody reads it. The interval does not depend on how often the metric is read. It
/// grows with the time that a count takes, so that counting takes at most a hundredth of the time.
/// </summary>
internal sealed class ActiveSessionCount(
    IServiceScopeFactory scopes,
    SessionMetrics metrics,
    Readiness readiness,
    IOptions<MetricsOptions> options,
    ILogger<ActiveSessionCount> logger) : Worker
{
    private const int ShareOfTime = 100;
    private static readonly TimeSpan UntilReady = TimeSpan.FromSeconds(1);

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        var interval = options.Value.SessionCountInterval;
        while (true)
        {
            var start = Stopwatch.GetTimestamp();
            if (readiness.IsReady && metrics.WantsActive)
                await TryCountAsync(stopping);
            var pause = Stopwatch.GetElapsedTime(start) * ShareOfTime;
            await Task.Delay(!readiness.IsReady ? UntilReady : pause > interval ? pause : interval, stopping);
        }
    }

    /// <summary>Counts once. A failure is only logged and tried again in the next round, because an exception in a worker stops the host.</summary>
    private async Task TryCountAsync(CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var lists = scope.ServiceProvider.GetRequiredService<SessionLists>();
            metrics.Active(await lists.CountActiveAsync(scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow(), cancellation));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            HostingLog.SessionCountFailed(logger, error);
        }
    }
}
