using System.Globalization;

namespace AuthService.Benchmarks.Run;

/// <summary>A figure beside what it is to be.</summary>
/// <param name="Operation">Whose figure it is.</param>
/// <param name="Figure">What it counts.</param>
/// <param name="Measured">Null when it could not be measured.</param>
/// <param name="Wanted">The least or the most that it may be.</param>
/// <param name="IsLeast">True: the figure must not be below what is wanted; false: not above.</param>
/// <param name="Format">How both are written.</param>
internal sealed record GoalLine(string Operation, string Figure, double? Measured, double Wanted, bool IsLeast, string Format)
{
    public static readonly IReadOnlyList<string> Heads = ["operation", "figure", "measured", "goal", "met"];

    public bool IsMet => IsLeast ? Measured >= Wanted : Measured <= Wanted;

    public string[] Cells =>
    [
        Operation,
        Figure,
        Measured?.ToString(Format, CultureInfo.InvariantCulture) ?? "failed",
        $"{(IsLeast ? "at least" : "at most")} {Wanted.ToString(Format, CultureInfo.InvariantCulture)}",
        IsMet ? "yes" : "no",
    ];

    public static GoalLine AtLeast(string operation, string figure, double? measured, double wanted, string format = "0.00") =>
        new(operation, figure, measured, wanted, IsLeast: true, format);

    public static GoalLine AtMost(string operation, string figure, double? measured, double wanted, string format = "0.00") =>
        new(operation, figure, measured, wanted, IsLeast: false, format);
}

/// <summary>The goals that this service has set itself, all on PostgreSQL, for those rows that were measured.</summary>
internal static class GoalTable
{
    private const string Rate = "requests/s of its limit";
    private const string Cpu = "server CPU of its limit";
    private const string Time = "time of its limit";
    private const string P99 = "p99 of its limit";

    public static IEnumerable<GoalLine> Of(IReadOnlyList<RowResult> results) => results.SelectMany(Of);

    private static IEnumerable<GoalLine> Of(RowResult result)
    {
        var name = result.Row.Name;
        var ratios = result.HasFailed ? null : result.OfLimit;
        return name switch
        {
            Operations.Refresh or Operations.WebRefresh =>
                [GoalLine.AtLeast(name, Rate, ratios?.Rate, 0.85), GoalLine.AtMost(name, Cpu, ratios?.Cpu, 1.2), GoalLine.AtMost(name, P99, ratios?.P99, 2)],
            Operations.Claim or Operations.Logout or Operations.KeepAlive or Operations.RefreshTouch => [GoalLine.AtLeast(name, Rate, ratios?.Rate, 0.85)],
            Operations.GetSession or Operations.Introspect or Operations.ListUserSessions => [GoalLine.AtLeast(name, Rate, ratios?.Rate, 0.8)],
            Operations.BulkInvalidate => [GoalLine.AtMost(name, Time, ratios?.P50, 1.3)],
            Operations.Login => [GoalLine.AtLeast(name, Rate, ratios?.Rate, 0.95)],
            Operations.LoginFlood => [GoalLine.AtMost(name, P99, ratios?.P99, 2)],
            _ => [],
        };
    }
}
