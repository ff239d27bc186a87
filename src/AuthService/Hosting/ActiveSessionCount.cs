using System.Diagnostics;
using AuthService.Sessions;
using AuthService.Sessions.Lists;
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
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        var interval = options.Value.SessionCountInterval;
        while (true)
        {
            var start = Stopwatch.GetTimestamp();
            var isCounted = readiness.IsReady && metrics.WantsActive && await TryCountAsync(stopping);
            var pause = isCounted ? Stopwatch.GetElapsedTime(start) * ShareOfTime : interval;
            await Task.Delay(!readiness.IsReady ? UntilReady : pause < interval ? interval : pause > LongestPause ? LongestPause : pause, stopping);
        }
    }

    /// <returns>Whether it succeeded.</returns>
    private Task<bool> TryCountAsync(CancellationToken stopping) => TryInScopeAsync(
        scopes,
        async services =>
        {
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            metrics.Active(await services.GetRequiredService<SessionLists>().CountActiveAsync(now, stopping));
            return true;
        },
        error => HostingLog.SessionCountFailed(logger, error),
        stopping);
}
