namespace AuthService.Benchmarks.Run;

/// <summary>A line of the table: medians over the rounds, and ratios taken within each round before their median.</summary>
internal sealed record RowResult(Row Row, Measurement Median, double? RateRatio, double? CpuRatio)
{
    public static RowResult Of(Row row, IReadOnlyList<Measurement> turns, IReadOnlyList<Measurement>? limit)
    {
        var median = new Measurement(
            Middle(turns, turn => turn.RequestsPerSecond),
            MiddleTime(turns, turn => turn.ServerCpu)!.Value,
            MiddleTime(turns, turn => turn.DatabaseCpu),
            MiddleTime(turns, turn => turn.P50),
            MiddleTime(turns, turn => turn.P99),
            turns.Sum(turn => turn.Errors),
            turns.Select(turn => turn.FirstError).FirstOrDefault(error => error is not null));
        return new RowResult(
            row,
            median,
            limit is null ? null : Middle([.. turns.Zip(limit)], pair => pair.First.RequestsPerSecond / pair.Second.RequestsPerSecond),
            limit is null ? null : Middle([.. turns.Zip(limit)], pair => pair.First.ServerCpu / pair.Second.ServerCpu));
    }

    /// <summary>Null unless every turn has the figure.</summary>
    private static TimeSpan? MiddleTime(IReadOnlyList<Measurement> turns, Func<Measurement, TimeSpan?> figure) =>
        turns.All(turn => figure(turn) is not null) ? TimeSpan.FromTicks((long)Middle(turns, turn => figure(turn)!.Value.Ticks)) : null;

    private static double Middle<T>(IReadOnlyList<T> turns, Func<T, double> figure)
    {
        double[] sorted = [.. turns.Select(figure).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
