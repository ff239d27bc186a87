using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Service;

namespace AuthService.Benchmarks.Run;

/// <summary>
/// Instances started anew on the store of the run, one after another: how soon each answers, what it holds when nobody asks
/// for anything, and the most that it holds while it refreshes for all connections.
/// </summary>
internal sealed class FreshInstances(BenchmarkOptions options, BenchmarkStore store, Requests requests)
{
    private const double BytesInMegabyte = 1_000_000;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<GoalLine>> MeasureAsync(CancellationToken cancellationToken)
    {
        if (!options.Operations.Contains(Operations.Start, StringComparer.Ordinal))
            return [];

        var lives = new List<Life>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            Console.Error.WriteLine($"round {round} of {options.Rounds}: {Operations.Start}");
            lives.Add(await LiveAsync(cancellationToken));
        }

        return
        [
            GoalLine.AtMost(Operations.Start, "ms to the first 200", Median.Of(lives, life => life.Start.TotalMilliseconds), 1_000, "0"),
            GoalLine.AtMost(Operations.Start, "MB resident, idle", Median.Of(lives, life => life.Resting / BytesInMegabyte), 120, "0"),
            GoalLine.AtMost(Operations.Start, "MB resident, at most under refreshes", Median.Of(lives, life => life.Loaded / BytesInMegabyte), 250, "0"),
        ];
    }

    private async Task<Life> LiveAsync(CancellationToken cancellationToken)
    {
        await using var instance = await ServiceInstance.StartAsync(store.Settings, cancellationToken);
        await Task.Delay(Idle, cancellationToken);
        var resting = ProcessMemory.ResidentOf(instance.ProcessId);
        using var load = new HttpLoad(instance.Address, PerConnection.Spread(requests.Refresh(), BenchmarkOptions.Connections));
        var result = load.Run(options.FirstWarmUp + options.Interval, cancellationToken);
        return result.Errors == 0
            ? new Life(instance.StartedIn, resting, ProcessMemory.PeakOf(instance.ProcessId))
            : throw new BenchmarkException($"A fresh instance on the same store does not refresh: {result.FirstError}");
    }

    /// <param name="Start">From the start of the process to the first 200 of <c>/health/ready</c>.</param>
    /// <param name="Resting">Bytes resident a few seconds later.</param>
    /// <param name="Loaded">The most bytes resident from the start to the end of the load.</param>
    private sealed record Life(TimeSpan Start, long Resting, long Loaded);
}
