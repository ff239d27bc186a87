using System.Globalization;

namespace AuthService.Benchmarks.Run;

/// <summary>A figure beside what it is to be.</summary>
/// <param name="Operation">Whose figure it is.</param>
/// <param name="Figure">What it counts.</param>
/// <param name="Measured">Null when it could not be measured.</param>
/// <param name="Wanted">The least or the most that it may be.</param>
/// <param name="IsLeast">True: the figure must not be below what is wanted; false: not above.</param>
internal sealed record Goal(string Operation, string Figure, double? Measured, double Wanted, bool IsLeast)
{
    public bool IsMet => IsLeast ? Measured >= Wanted : Measured <= Wanted;

    public string[] Cells =>
        [$"{Operation}: {Figure}", Number(Measured), $"{(IsLeast ? "at least" : "at most")} {Number(Wanted)}", IsMet ? "yes" : "no"];

    public static Goal AtLeast(string operation, string figure, double? measured, double wanted) => new(operation, figure, measured, wanted, IsLeast: true);

    public static Goal AtMost(string operation, string figure, double? measured, double wanted) => new(operation, figure, measured, wanted, IsLeast: false);

    private static string Number(double? value) => value?.ToString(value < 10 ? "0.00" : "#,0", CultureInfo.InvariantCulture) ?? "failed";
}

/// <summary>What this service wants to reach on PostgreSQL, for those rows that were measured.</summary>
internal static class Goals
{
    private const string Rate = "requests/s of its limit";
    private const string Cpu = "server CPU of its limit";
    private const string Time = "time of its limit";
    private const string P99 = "p99 of its limit";

    public static IEnumerable<Goal> Of(IReadOnlyList<RowResult> results) =>
        results.SelectMany(result => Of(result).Select(goal => result.HasFailed ? goal with { Measured = null } : goal));

    public static IReadOnlyList<Goal> Of(IReadOnlyList<LifeOfInstance> lives) =>
    [
        Goal.AtMost(Operations.Start, "ms to the first 200", Middle.Of(lives, life => life.Start.TotalMilliseconds), 1_000),
        Goal.AtMost(Operations.Start, "MB resident, idle", Middle.Of(lives, life => life.Idle), 120),
        Goal.AtMost(Operations.Start, "MB resident, at most under refreshes", Middle.Of(lives, life => life.Loaded), 250),
    ];

    public static IReadOnlyList<Goal> Of(IReadOnlyList<CostOfCheck> costs) =>
    [
        Goal.AtMost(Operations.RevocationCheck, "ns of CPU a token, among 120,000 revocations", Middle.Of(costs, cost => cost.Nanoseconds), 2_000),
        Goal.AtMost(Operations.RevocationCheck, "bytes allocated a token", Middle.Of(costs, cost => cost.Allocated), 1),
        Goal.AtMost(Operations.RevocationCheck, "bytes held a revocation", Middle.Of(costs, cost => cost.BytesOfEntry), 100),
    ];

    private static IEnumerable<Goal> Of(RowResult row)
    {
        var name = row.Row.Name;
        return name switch
        {
            Operations.Refresh or Operations.WebRefresh =>
            [
                Goal.AtLeast(name, Rate, row.RateRatio, 0.85), Goal.AtMost(name, Cpu, row.CpuRatio, 1.2), Goal.AtMost(name, P99, row.P99Ratio, 2),
            ],
            Operations.OneTimeToken => [Goal.AtLeast(name, Rate, row.RateRatio, 0.6)],
            Operations.Claim or Operations.Logout or Operations.KeepAlive or Operations.RefreshTouch => [Goal.AtLeast(name, Rate, row.RateRatio, 0.85)],
            Operations.GetSession or Operations.Introspect or Operations.ListUserSessions => [Goal.AtLeast(name, Rate, row.RateRatio, 0.8)],
            Operations.BulkInvalidate => [Goal.AtMost(name, Time, row.P50Ratio, 1.3)],
            Operations.Login => [Goal.AtLeast(name, Rate, row.RateRatio, 0.95)],
            Operations.LoginFlood or Operations.RefusalFlood => [Goal.AtMost(name, P99, row.P99Ratio, 2)],
            _ => [],
        };
    }
}
