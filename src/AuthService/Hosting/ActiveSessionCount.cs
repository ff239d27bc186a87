using System.Diagnostics;
using AuthService.Sessions;

namespace AuthService.Hosting;

/// <summary>
/// Counts the active sessions for the metric of that name, if anybody reads it: on a beat of its own, however often it is
/// read, and the slower the longer a count takes, so that it never takes more than a hundredth of the time.
/// </summary>
internal sealed class ActiveSessionCount(
    IServiceScopeFactory scopes, SessionMetrics metrics, Readiness readiness, IConfiguration configuration, ILogger<ActiveSessionCount> logger) : BackgroundService
{
    private const int ShareOfTime = 100;
    private static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UntilReady = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = configuration.GetValue("Metrics:SessionCountInterval", UsualInterval);
        while (true)
        {
            var start = Stopwatch.GetTimestamp();
            if (readiness.IsReady && metrics.WantsActive)
                await TryCountAsync(stoppingToken);
            var pause = Stopwatch.GetElapsedTime(start) * ShareOfTime;
            await Task.Delay(!readiness.IsReady ? UntilReady : pause > interval ? pause : interval, stoppingToken);
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
