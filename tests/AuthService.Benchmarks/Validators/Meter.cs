using System.Diagnostics;
using AuthService.Benchmarks.Machine;

namespace AuthService.Benchmarks.Validators;

/// <param name="Service">Cores that the service took.</param>
/// <param name="Database">Those of PostgreSQL.</param>
/// <param name="Generator">Those of this process.</param>
/// <param name="Megabytes">What the service held in memory at the end.</param>
/// <param name="AnswersPerSecond">To validators.</param>
/// <param name="MegabytesPerSecond">The bytes of these.</param>
internal sealed record Consumption(
    double Service, double Database, double Generator, double Megabytes, double AnswersPerSecond, double MegabytesPerSecond);

/// <summary>What a time costs each process.</summary>
internal sealed class Meter(int service, int? database, ValidatorFleet fleet)
{
    private const double Million = 1_000_000;

    public async Task<Consumption> MeasureAsync(Func<Task> time)
    {
        var (start, before) = (Stopwatch.GetTimestamp(), Read());
        await time();
        var (seconds, after) = (Stopwatch.GetElapsedTime(start).TotalSeconds, Read());
        return new Consumption(
            (after.Service - before.Service).TotalSeconds / seconds,
            (after.Database - before.Database).TotalSeconds / seconds,
            (after.Generator - before.Generator).TotalSeconds / seconds,
            ProcessMemory.ResidentOf(service) / Million,
            (after.Answers - before.Answers) / seconds,
            (after.Bytes - before.Bytes) / Million / seconds);
    }

    private (TimeSpan Service, TimeSpan Database, TimeSpan Generator, long Answers, long Bytes) Read() => (
        ProcessCpu.Of(service), database is { } pid ? ProcessCpu.OfFamily(pid) : default, ProcessCpu.Of(Environment.ProcessId), fleet.Answers, fleet.Bytes);
}
