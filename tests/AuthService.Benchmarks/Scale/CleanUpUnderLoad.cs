using System.Diagnostics;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Run;
using static AuthService.Benchmarks.Run.MarkdownTable;

namespace AuthService.Benchmarks.Scale;

/// <summary>
/// Measures how the clean-up of a million expired sessions affects refreshes. One instance is always under load. Its first clean-up begins an interval after
/// its start, when the refreshes before it have been measured.
/// </summary>
internal sealed class CleanUpUnderLoad(Stage stage, BenchmarkOptions turns)
{
    private const int MostExpired = 1_000_000;
    private const double Goal = 2;
    private static readonly TimeSpan Spare = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private TimeSpan UntilItBegins => turns.FirstWarmUp + turns.Rounds * turns.Interval + Spare;

    public async Task MeasureAsync(ScaleReport report, CancellationToken cancellationToken)
    {
        var expired = Math.Min(MostExpired, stage.Size);
        Console.Error.WriteLine($"adding {expired} expired sessions");
        await stage.Fill.AddExpiredAsync(expired, cancellationToken);

        await using var instance = await stage.StartInstanceAsync(UntilItBegins, cancellationToken);
        using var load = new HttpLoad(instance.Address, stage.Refreshes()());
        load.Run(turns.FirstWarmUp, cancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var cleaning = new CleaningWatch(stage.ConnectionString, Look);
        var watching = cleaning.RunAsync(enough.Token);

        Console.Error.WriteLine("refreshing before the clean-up");
        var before = Phase(load, () => !cleaning.HasBegun, turns.Rounds, cancellationToken);
        if (cleaning.HasBegun)
            throw new BenchmarkException("The clean-up began while the time before it was measured; the machine is too busy.");
        while (!cleaning.HasBegun)
            load.Run(Look, cancellationToken);

        Console.Error.WriteLine("refreshing during the clean-up");
        var during = Phase(load, () => !cleaning.HasEnded, int.MaxValue, cancellationToken);
        Print(expired, before, during, await watching);
        Judge(report, expired, before, during);
    }

    /// <summary>Measures the turns that end before the phase does, and at least one.</summary>
    private LoadResult Phase(HttpLoad load, Func<bool> lasts, int most, CancellationToken cancellationToken)
    {
        var results = new List<LoadResult>();
        while (results.Count < most && lasts())
        {
            var turn = load.Run(turns.Interval, cancellationToken);
            if (results.Count == 0 || lasts())
                results.Add(turn);
        }

        var latencies = new LatencyHistogram();
        results.ForEach(result => latencies.Add(result.Latencies));
        return new LoadResult(
            results.Sum(result => result.Requests),
            results.Average(result => result.RequestsPerSecond),
            latencies,
            results.Sum(result => result.Errors),
            results.Select(result => result.FirstError).FirstOrDefault(error => error is not null));
    }

    private void Print(int expired, LoadResult before, LoadResult during, TimeSpan lasted)
    {
        var table = new MarkdownTable($"refresh, {stage.Name} active sessions", "requests/s", "p50 ms", "p99 ms", "errors");
        Add("before the clean-up", before);
        Add("during the clean-up", during);
        var pace = $"{Count(expired)} expired sessions deleted in {lasted.TotalSeconds:0} s, {Count(expired / lasted.TotalSeconds)} a second";
        ScaleReport.Print(pace, table);

        void Add(string phase, LoadResult result) => table.Add(
            phase,
            Count(result.RequestsPerSecond),
            Milliseconds(result.Latencies.Percentile(0.50)),
            Milliseconds(result.Latencies.Percentile(0.99)),
            Count(result.Errors));
    }

    private static void Judge(ScaleReport report, int expired, LoadResult before, LoadResult during)
    {
        report.NoErrors("refresh beside the clean-up", before.Errors + during.Errors, before.FirstError ?? during.FirstError);
        report.AtMost(
            $"p99 of a refresh while {Count(expired)} expired sessions are deleted, of that before",
            during.Latencies.Percentile(0.99) / before.Latencies.Percentile(0.99),
            Goal);
    }
}

/// <summary>Watches the store to find when a clean-up begins and ends.</summary>
internal sealed class CleaningWatch(string connectionString, TimeSpan interval)
{
    private const string FirstToExpire = "SELECT min(expire_at) FROM sessions";

    private volatile bool _hasBegun;
    private volatile bool _hasEnded;

    public bool HasBegun => _hasBegun;

    public bool HasEnded => _hasEnded;

    /// <returns>The duration of the clean-up.</returns>
    public async Task<TimeSpan> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await LongStatements.OpenAsync(connectionString, cancellationToken);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000;
        var oldest = await connection.ReadAsync<long>(FirstToExpire, cancellationToken);
        while (await connection.ReadAsync<long>(FirstToExpire, cancellationToken) == oldest)
            await Task.Delay(interval, cancellationToken);

        var start = Stopwatch.GetTimestamp();
        _hasBegun = true;
        while (await connection.ReadAsync<long>(FirstToExpire, cancellationToken) <= now)
            await Task.Delay(interval, cancellationToken);
        _hasEnded = true;
        return Stopwatch.GetElapsedTime(start);
    }
}
