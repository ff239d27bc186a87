using AuthService.Storage;

namespace AuthService.Hosting;

/// <summary>Follows the primary when PostgreSQL has several servers, so that calls need not try one server after the other.</summary>
internal sealed class PrimaryWorker(PostgresPool pool, ILogger<PrimaryWorker> logger) : Worker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override bool BeginsBeforeListening => true;

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (pool.Servers.Count > 0)
        {
            if (await pool.FollowPrimaryAsync(stopping) is { } primary)
                HostingLog.PrimaryFound(logger, primary.Host);
            await Task.Delay(Interval, stopping);
        }
    }
}
