namespace AuthService.Benchmarks.Run;

/// <summary>A line of the table with medians over the rounds. A ratio is computed within each round before its median, and is null without a limit.</summary>
/// <param name="Row">The measured row.</param>
/// <param name="Median">The medians of its figures.</param>
/// <param name="RateRatio">Its responses a second, relative to its limit.</param>
/// <param name="CpuRatio">The server's CPU time for a request, relative to its limit.</param>
/// <param name="P50Ratio">The median latency, relative to its limit.</param>
/// <param name="P99Ratio">The 99th percentile of the latency, relative to its limit.</param>
internal sealed record RowResult(Row Row, Measurement Median, double? RateRatio, double? CpuRatio, double? P50Ratio, double? P99Ratio)
{
    /// <summary>Its responses a second, relative to those of <see cref="Row.Other"/>.</summary>
    public double? RateOfOther { get; private init; }

    public bool HasFailed => Median.Errors > 0;

    public static RowResult Of(Row row, IReadOnlyList<Measurement> turns, IReadOnlyList<Measurement>? limit, IReadOnlyList<Measurement>? other)
    {
        var median = new Measurement(
            Middle.Of(turns, turn => turn.RequestsPerSecond),
            Time(turns, turn => turn.ServerCpu),
            Time(turns, turn => turn.DatabaseCpu),
            Time(turns, turn => turn.P50),
            Time(turns, turn => turn.P99),
            turns.Sum(turn => turn.Errors),
            turns.Select(turn => turn.FirstError).FirstOrDefault(error => error is not null));
        return new RowResult(
            row,
            median,
            Ratio(turns, limit, (turn, beside) => turn.RequestsPerSecond / beside.RequestsPerSecond),
            Ratio(turns, limit, (turn, beside) => turn.ServerCpu / beside.ServerCpu),
            Ratio(turns, limit, (turn, beside) => turn.P50 / beside.P50),
            Ratio(turns, limit, (turn, beside) => turn.P99 / beside.P99))
        {
            RateOfOther = Ratio(turns, other, (turn, beside) => turn.RequestsPerSecond / beside.RequestsPerSecond),
        };
    }

    /// <returns>Null also when the limit had errors, because nothing is compared with a failure.</returns>
    private static double? Ratio(IReadOnlyList<Measurement> turns, IReadOnlyList<Measurement>? limit, Func<Measurement, Measurement, double?> ratio) =>
        limit is null || limit.Any(turn => turn.Errors > 0) ? null : Middle.Of([.. turns.Zip(limit)], round => ratio(round.First, round.Second));

    private static TimeSpan? Time(IReadOnlyList<Measurement> turns, Func<Measurement, TimeSpan?> figure) =>
        Middle.Of(turns, turn => (double?)figure(turn)?.Ticks) is { } ticks ? TimeSpan.FromTicks((long)ticks) : null;
}
