using System.Diagnostics;
using System.Globalization;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Service;

namespace AuthService.Benchmarks.Run;

/// <summary>Runs <c>user import</c> of the built binary. A smaller import before shows whether memory grows with the file.</summary>
internal sealed class ImportContender(BenchmarkDatabase database, ImportedPeople people, int number) : IContender
{
    private const int Few = 10_000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private long _memoryOfFew;
    private long _memoryOfMany;

    public string Note => string.Create(
        CultureInfo.InvariantCulture, $"import: at most {_memoryOfFew >> 20} MiB for {Few:#,0} people, {_memoryOfMany >> 20} MiB for {number:#,0}.");

    public void WarmUp(TimeSpan interval, CancellationToken cancellationToken) => _memoryOfFew = Import(Few, cancellationToken).Memory;

    public Measurement Measure(TimeSpan interval, CancellationToken cancellationToken)
    {
        var databaseBefore = DatabaseCpu();
        var run = Import(number, cancellationToken);
        _memoryOfMany = Math.Max(_memoryOfMany, run.Memory);
        return new Measurement(
            number / run.Time.TotalSeconds, run.Cpu / number, (DatabaseCpu() - databaseBefore) / number, P50: null, P99: null,
            run.Fault is null ? 0 : 1, run.Fault);
    }

    private Run Import(int count, CancellationToken cancellationToken)
    {
        var file = Path.GetTempFileName();
        try
        {
            people.Write(file, count);
            return Import(file, cancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Run Import(string file, CancellationToken cancellationToken)
    {
        var assembly = SourceTree.ServiceAssembly();
        var how = new ProcessStartInfo("dotnet", [assembly, "user", "import", file])
        {
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(assembly),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        how.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        how.Environment["ConnectionStrings__Postgres"] = database.ConnectionString;

        var (start, cpu, memory) = (Stopwatch.GetTimestamp(), TimeSpan.Zero, 0L);
        using var import = Process.Start(how)!;
        var (said, complaint) = (import.StandardOutput.ReadToEndAsync(cancellationToken), import.StandardError.ReadToEndAsync(cancellationToken));
        while (!import.WaitForExit(Look))
        {
            cpu = TimeSpan.FromTicks(Math.Max(cpu.Ticks, ProcessCpu.Of(import.Id).Ticks));
            memory = Math.Max(memory, ProcessMemory.PeakOf(import.Id));
            if (cancellationToken.IsCancellationRequested)
                import.Kill();
        }

        var time = Stopwatch.GetElapsedTime(start);
        cancellationToken.ThrowIfCancellationRequested();
        return new Run(time, cpu, memory, import.ExitCode == 0 ? null : $"exit code {import.ExitCode}: {said.Result}{complaint.Result}");
    }

    private TimeSpan? DatabaseCpu() => database.ServerPid is { } pid ? ProcessCpu.OfFamily(pid) : null;

    /// <param name="Time">The duration of the import.</param>
    /// <param name="Cpu">The CPU time of all its threads.</param>
    /// <param name="Memory">The peak of its memory, in bytes.</param>
    /// <param name="Fault">Its output when it failed; otherwise null.</param>
    private sealed record Run(TimeSpan Time, TimeSpan Cpu, long Memory, string? Fault);
}
