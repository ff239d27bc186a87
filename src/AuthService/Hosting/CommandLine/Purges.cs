using AuthService.Storage;

namespace AuthService.Hosting.CommandLine;

/// <summary>Deletes expired rows in batches that hold no lock for long.</summary>
internal static class Purges
{
    private const int BatchSize = 1_000;

    /// <returns>The number of deleted rows.</returns>
    public static Task<int> RunAsync(
        IServiceProvider services, Func<DateTimeOffset, int, CancellationToken, Task<int>> delete, CancellationToken cancellation)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        return BatchDeletion.RunAsync(BatchSize, limit => delete(clock.GetUtcNow(), limit, cancellation), pause: TimeSpan.Zero, cancellation);
    }
}
