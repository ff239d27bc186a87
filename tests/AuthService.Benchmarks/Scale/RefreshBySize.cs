using AuthService.Benchmarks.Limits;
using AuthService.Benchmarks.Run;
using static AuthService.Benchmarks.Run.MarkdownTable;

namespace AuthService.Benchmarks.Scale;

/// <summary>
/// Measures whether the number of sessions affects a refresh. Random sessions are refreshed at every size in turns, and so is the batched limit on the same
/// store.
/// </summary>
internal static class RefreshBySize
{
    private const double Goal = 1.2;
    private const int EnoughToWrite = 500_000; // with fewer, most were refreshed a moment ago, and a refresh only reads
    private const string Refresh = "refresh";
    private const string Writing = "refresh that writes \"last used\"";
    private const string Limit = "limit: batched look-up and ES256";

    public static async Task MeasureAsync(IReadOnlyList<Stage> stages, BenchmarkOptions turns, ScaleReport report, CancellationToken cancellationToken)
    {
        List<Stage> large = [.. stages.Where(stage => stage.Size >= EnoughToWrite)];
        Row[] rows =
        [
            .. Rows(Refresh, stages, stage => stage.OnService(stage.Refreshes()), turns),
            .. Rows(Limit, stages, stage => stage.OnLimits(stage.Refreshes(LimitServer.BatchedLookUpAndSign)), turns),
            .. Rows(Writing, large, stage => stage.OnService(stage.WritingRefreshes()), turns),
        ];
        var results = InterleavedRounds.Run(rows, turns, cancellationToken).ToDictionary(result => result.Row.Name, StringComparer.Ordinal);

        var table = new MarkdownTable(
            "operation, sessions", "requests/s", "of the limit", "service CPU ms", "of the smallest", "database CPU ms", "of the smallest",
            "p50 ms", "of the smallest", "p99 ms");
        foreach (var result in results.Values)
            table.Add(Cells(result, results));
        ScaleReport.Print("Refresh by the number of sessions", table);
        ScaleReport.Print("Updates of \"last used\" that stayed on their page (HOT)", await HotUpdatesAsync(large, cancellationToken));
        Judge(stages, results, report);
    }

    private static IEnumerable<Row> Rows(string what, IReadOnlyList<Stage> stages, Func<Stage, IContender> contender, BenchmarkOptions turns) =>
        stages.Select(stage => new Row(Name(what, stage), contender(stage), Name(what, stages[0]), turns.Interval));

    private static string Name(string what, Stage stage) => $"{what}, {stage.Name}";

    private static string[] Cells(RowResult result, Dictionary<string, RowResult> results)
    {
        var (figures, smallest) = (result.Median, results[result.Row.Limit!].Median);
        var limit = results.GetValueOrDefault(result.Row.Name.Replace(Refresh, Limit, StringComparison.Ordinal));
        return
        [
            result.Row.Name,
            Count(figures.RequestsPerSecond),
            Ratio(figures.RequestsPerSecond / limit?.Median.RequestsPerSecond),
            Milliseconds(figures.ServerCpu),
            Ratio(result.CpuRatio),
            Milliseconds(figures.DatabaseCpu),
            Ratio(figures.DatabaseCpu / smallest.DatabaseCpu),
            Milliseconds(figures.P50),
            Ratio(figures.P50 / smallest.P50),
            Milliseconds(figures.P99),
        ];
    }

    private static void Judge(IReadOnlyList<Stage> stages, Dictionary<string, RowResult> results, ScaleReport report)
    {
        var smallest = results[Name(Refresh, stages[0])].Median;
        foreach (var result in results.Values)
            report.NoErrors(result.Row.Name, result.Median.Errors, result.Median.FirstError);
        foreach (var stage in stages.Skip(1))
        {
            var figures = results[Name(Refresh, stage)].Median;
            report.AtMost($"p50 of a refresh among {stage.Name} sessions, of that among {stages[0].Name}", figures.P50!.Value / smallest.P50!.Value, Goal);
            report.AtMost("its CPU, service and database, likewise", Cpu(figures) / Cpu(smallest), Goal);
        }
    }

    private static TimeSpan Cpu(Measurement figures) => (figures.ServerCpu ?? TimeSpan.Zero) + (figures.DatabaseCpu ?? TimeSpan.Zero);

    private static async Task<MarkdownTable> HotUpdatesAsync(List<Stage> stages, CancellationToken cancellationToken)
    {
        const string share = "SELECT coalesce(100.0 * n_tup_hot_upd / nullif(n_tup_upd, 0), 0)::float8 FROM pg_stat_user_tables WHERE relname = 'sessions'";
        const string fillFactor = """
            SELECT coalesce(substring(array_to_string(reloptions, ' ') FROM 'fillfactor=(\d+)'), '100') FROM pg_class WHERE relname = 'sessions'
            """;
        var table = new MarkdownTable("sessions", "fill factor", "HOT %");
        foreach (var stage in stages)
        {
            await using var connection = await LongStatements.OpenAsync(stage.ConnectionString, cancellationToken);
            var hot = await connection.ReadAsync<double>(share, cancellationToken);
            table.Add(stage.Name, await connection.ReadAsync<string>(fillFactor, cancellationToken), Count(hot));
        }

        return table;
    }
}
