using System.Runtime.InteropServices;
using AuthService.Benchmarks.Machine;

namespace AuthService.Benchmarks.Run;

/// <summary>The facts about the machine that a reader needs to compare the figures of two runs.</summary>
internal static class MachineFacts
{
    public static string Describe(BenchmarkOptions options, BenchmarkDatabase? database)
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        var cpu = model?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        return $"""
            {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} x {cpu}, {memory} GiB, {RuntimeInformation.OSDescription}.
            {RuntimeInformation.FrameworkDescription}, {database?.Version ?? "SQLite"}; generator, servers and database on this machine.
            {BenchmarkOptions.Connections} connections (login: {Environment.ProcessorCount}). Medians of {options.Rounds} rounds in turns,
            each of {options.Interval.TotalSeconds:0.#} s (login: {options.LoginInterval.TotalSeconds:0.#} s).

            """;
    }
}
