using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Service;

namespace AuthService.Benchmarks.Run;

/// <summary>What an instance needs of the machine.</summary>
/// <param name="Start">From the start of the process to the first 200 of <c>/health/ready</c>.</param>
/// <param name="Idle">Megabytes resident a few seconds later.</param>
/// <param name="Loaded">The most megabytes resident from the start to the end of a load.</param>
internal sealed record LifeOfInstance(TimeSpan Start, double Idle, double Loaded);

/// <summary>
/// Instances started anew on the store of the run, one after another: how soon each answers, what it holds when nobody asks
/// for anything, and the most that it holds while it refreshes for all connections.
/// </summary>
internal static class FreshInstances
{
    private const double BytesInMegabyte = 1_000_000;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<LifeOfInstance>> MeasureAsync(
        BenchmarkOptions options, BenchmarkStore store, Requests requests, CancellationToken cancellationToken)
    {
        var lives = new List<LifeOfInstance>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            Console.Error.WriteLine($"round {round} of {options.Rounds}: {Operations.Start}");
            await using var instance = await ServiceInstance.StartAsync(store.Settings, cancellationToken);
            await Task.Delay(Rest, cancellationToken);
            var idle = ProcessMemory.ResidentOf(instance.ProcessId);
            using var load = new HttpLoad(instance.Address, PerConnection.Spread(requests.Refresh(), BenchmarkOptions.Connections));
            var result = load.Run(options.FirstWarmUp + options.Interval, cancellationToken);
            if (result.Errors > 0)
                throw new BenchmarkException($"A fresh instance on the same store does not refresh: {result.FirstError}");
            lives.Add(new LifeOfInstance(instance.StartedIn, idle / BytesInMegabyte, ProcessMemory.PeakOf(instance.ProcessId) / BytesInMegabyte));
        }

        return lives;
    }
}
