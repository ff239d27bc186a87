using AuthService.Storage;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

/// <summary>
/// Deletes expired rows, by every registered <see cref="CleanUp"/>. Nothing depends on it, because expired rows never count. It works in small batches with
/// pauses between them, and instances skip each other's rows.
/// </summary>
internal sealed class CleanUpWorker(
    IServiceScopeFactory scopes, Readiness readiness, TimeProvider clock, IOptions<CleanUpOptions> options, ILogger<CleanUpWorker> logger) : Worker
{
    private const int BatchSize = 500;
    private static readonly TimeSpan PauseBetweenBatches = TimeSpan.FromMilliseconds(50);

    /// <summary>The times at which the clean-ups with an interval of their own ran last.</summary>
    private readonly Dictionary<CleanUp, DateTimeOffset> _ranAt = [];

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.Value.Interval);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            if (!readiness.IsReady)
                continue;
            await TryInScopeAsync(
                scopes, services => CleanUpAsync(services, stopping), error => HostingLog.CleanUpFailed(logger, "expired rows", error), stopping);
        }
    }

    private async Task CleanUpAsync(IServiceProvider services, CancellationToken cancellation)
    {
        services.GetRequiredService<Store>().AllowLongStatements();
        foreach (var cleanUp in services.GetServices<CleanUp>())
        {
            var now = clock.GetUtcNow();
            if (_ranAt.TryGetValue(cleanUp, out var ranAt) && now >= ranAt && now - ranAt < cleanUp.Interval)
                continue; // a time in the future is from a clock that was set back since
            if (await InBatchesAsync(cleanUp.Find(services), cleanUp.What, cancellation) && cleanUp.Interval is not null)
                _ranAt[cleanUp] = now;
        }
    }

    /// <summary>Deletes the expired rows of one table. A failure does not keep the other tables from being cleaned up.</summary>
    /// <returns>Whether nothing failed.</returns>
    private async Task<bool> InBatchesAsync(DeleteBatch delete, string what, CancellationToken cancellation)
    {
        if (!readiness.IsReady)
            return false; // the database is away, and each table would wait for it
        try
        {
            var total = await BatchDeletion.RunAsync(
                BatchSize, limit => delete(clock.GetUtcNow(), limit, cancellation), PauseBetweenBatches, cancellation);
            if (total > 0)
                HostingLog.CleanedUp(logger, total, what);
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            HostingLog.CleanUpFailed(logger, what, error);
            return false;
        }
    }
}
