namespace AuthService.Benchmarks.Run;

/// <summary>A line of the table: medians over the rounds.</summary>
/// <param name="Row">What was measured.</param>
/// <param name="Median">Its figures.</param>
/// <param name="OfLimit">Beside its limit; null when it has none.</param>
internal sealed record RowResult(Row Row, Measurement Median, Ratios? OfLimit)
{
    public bool HasFailed => Median.Errors > 0;

    public static RowResult Of(Row row, IReadOnlyList<Measurement> turns, IReadOnlyList<Measurement>? limit)
    {
        var median = new Measurement(
            Run.Median.Of(turns, turn => turn.RequestsPerSecond),
            Time(turns, turn => turn.ServerCpu),
            Time(turns, turn => turn.DatabaseCpu),
            Time(turns, turn => turn.P50),
            Time(turns, turn => turn.P99),
            turns.Sum(turn => turn.Errors),
            turns.Select(turn => turn.FirstError).FirstOrDefault(error => error is not null));
        return new RowResult(row, median, limit is null ? null : Ratios.Of([.. turns.Zip(limit)]));
    }

    private static TimeSpan? Time(IReadOnlyList<Measurement> turns, Func<Measurement, TimeSpan?> figure) =>
        Run.Median.Of(turns, turn => (double?)figure(turn)?.Ticks) is { } ticks ? TimeSpan.FromTicks((long)ticks) : null;
}

/// <summary>An operation's figures as parts of its limit's, taken within each round before their median; null where one of them has none.</summary>
/// <param name="Rate">Of the answers a second.</param>
/// <param name="Cpu">Of the server's CPU for one request.</param>
/// <param name="P50">Of the median latency.</param>
/// <param name="P99">Of the latency of the slowest hundredth.</param>
internal sealed record Ratios(double Rate, double? Cpu, double? P50, double? P99)
{
    public static Ratios Of(IReadOnlyList<(Measurement Operation, Measurement Limit)> rounds) => new(
        Median.Of(rounds, round => round.Operation.RequestsPerSecond / round.Limit.RequestsPerSecond),
        Median.Of(rounds, round => round.Operation.ServerCpu / round.Limit.ServerCpu),
        Median.Of(rounds, round => round.Operation.P50 / round.Limit.P50),
        Median.Of(rounds, round => round.Operation.P99 / round.Limit.P99));
}
