using System.Diagnostics;
using AuthService.Sessions;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

/// <summary>
/// Counts the active sessions for the metric of that name, if anybody reads it: on a beat of its own, however often it is
/// read, and the slower the longer a count takes, so that it never takes more than a hundredth of the time.
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

    /// <summary>A worker that throws would stop the host; the next round tries again.</summary>
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
