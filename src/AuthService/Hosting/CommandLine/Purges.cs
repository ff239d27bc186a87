using AuthService.Storage;

namespace AuthService.Hosting.CommandLine;

/// <summary>Deletes what has expired, in batches that hold no lock for long.</summary>
internal static class Purges
{
    private const int BatchSize = 1_000;

    /// <returns>How many rows went.</returns>
    public static Task<int> RunAsync(
        IServiceProvider services, Func<DateTimeOffset, int, CancellationToken, Task<int>> delete, CancellationToken cancellation)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        return BatchDeletion.RunAsync(BatchSize, limit => delete(clock.GetUtcNow(), limit, cancellation), pause: TimeSpan.Zero, cancellation);
    }
}
