using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Service;

namespace AuthService.Benchmarks.Run;

/// <summary>The start time and the memory of an instance.</summary>
/// <param name="Start">The time from the start of the process to the first 200 of <c>/health/ready</c>.</param>
/// <param name="Idle">The resident megabytes a few seconds later.</param>
/// <param name="Loaded">The peak of resident megabytes up to the end of a load.</param>
internal sealed record LifeOfInstance(TimeSpan Start, double Idle, double Loaded);

/// <summary>
/// Starts instances on the store of the run, one after another, and measures the start time, the memory without calls, and the peak under refreshes over all
/// connections.
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
