using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Run;
using static AuthService.Benchmarks.Run.MarkdownTable;

namespace AuthService.Benchmarks.Scale;

/// <summary>Measures refreshes without a standby, with an asynchronous one, and with a synchronous one, in turns and on a separate server.</summary>
internal static class BesideStandby
{
    private const int Sessions = 500_000;
    private const string Reading = "refresh";
    private const string Writing = "refresh that writes \"last used\"";
    private const string None = "no standby";

    public static async Task MeasureAsync(BenchmarkOptions turns, ScaleReport report, CancellationToken cancellationToken)
    {
        await using var server = await BenchmarkDatabase.TakeAsync(["max_wal_size=8GB"], cancellationToken);
        await using var stage = await Stage.StartAsync(server, Sessions, turns.WarmUp, cancellationToken);
        Console.Error.WriteLine("copying it for a standby");
        await using var standby = await PostgresStandby.PrepareAsync(stage.ConnectionString, cancellationToken);
        Row[] rows = [.. RowsOf(Reading, stage.OnService(stage.Refreshes())), .. RowsOf(Writing, stage.OnService(stage.WritingRefreshes()))];
        var results = InterleavedRounds.Run(rows, turns, cancellationToken);
        await WaitForStandbyAsync(wanted: false); // otherwise the last statements would wait for a stopped standby

        Print(report, stage.Name, results);

        IEnumerable<Row> RowsOf(string what, IContender load) =>
        [
            new($"{what}, {None}", new Arranged(load, AloneAsync), $"{what}, {None}", turns.Interval),
            new($"{what}, asynchronous standby", new Arranged(load, () => FollowedAsync(wanted: false)), $"{what}, {None}", turns.Interval),
            new($"{what}, synchronous standby", new Arranged(load, () => FollowedAsync(wanted: true)), $"{what}, {None}", turns.Interval),
        ];

        async Task AloneAsync()
        {
            await WaitForStandbyAsync(wanted: false);
            await standby.StopAsync();
        }

        async Task FollowedAsync(bool wanted)
        {
            await standby.StartAsync(cancellationToken);
            await WaitForStandbyAsync(wanted);
        }

        async Task WaitForStandbyAsync(bool wanted)
        {
            await using var connection = await LongStatements.OpenAsync(server.ConnectionString, cancellationToken);
            await connection.ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '{(wanted ? "*" : "")}'", cancellationToken);
            await connection.ExecuteAsync("SELECT pg_reload_conf()", cancellationToken);
        }
    }

    private static void Print(ScaleReport report, string stage, IReadOnlyList<RowResult> results)
    {
        var table = new MarkdownTable("operation", "requests/s", "of no standby", "service CPU ms", "database CPU ms", "p50 ms", "p99 ms", "errors");
        foreach (var (row, figures, rate, _, _, _) in results)
        {
            table.Add(
                row.Name, Count(figures.RequestsPerSecond), Ratio(rate), Milliseconds(figures.ServerCpu), Milliseconds(figures.DatabaseCpu),
                Milliseconds(figures.P50), Milliseconds(figures.P99), Count(figures.Errors));
            report.NoErrors(row.Name, figures.Errors, figures.FirstError);
        }

        ScaleReport.Print($"A streaming standby, {stage} sessions", table);
    }

    /// <summary>Changes the standby before each turn of a contender.</summary>
    private sealed class Arranged(IContender contender, Func<Task> arrange) : IContender
    {
        public void WarmUp(TimeSpan interval, CancellationToken cancellationToken)
        {
            arrange().GetAwaiter().GetResult();
            contender.WarmUp(interval, cancellationToken);
        }

        public Measurement Measure(TimeSpan interval, CancellationToken cancellationToken)
        {
            arrange().GetAwaiter().GetResult();
            return contender.Measure(interval, cancellationToken);
        }
    }
}
