using System.Diagnostics;
using AuthService.Benchmarks.Machine;

namespace AuthService.Benchmarks.Validators;

/// <param name="Service">The cores that the service used.</param>
/// <param name="Database">The cores that PostgreSQL used.</param>
/// <param name="Generator">The cores that this process used.</param>
/// <param name="Megabytes">The resident memory of the service at the end.</param>
/// <param name="AnswersPerSecond">The responses to validators.</param>
/// <param name="MegabytesPerSecond">The size of these responses.</param>
internal sealed record Consumption(
    double Service, double Database, double Generator, double Megabytes, double AnswersPerSecond, double MegabytesPerSecond);

/// <summary>Measures what each process uses during a period.</summary>
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
