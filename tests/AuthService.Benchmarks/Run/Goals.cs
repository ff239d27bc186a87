using System.Globalization;
using AuthService.Benchmarks.Machine;

namespace AuthService.Benchmarks.Run;

/// <summary>A measured figure and its goal.</summary>
/// <param name="Operation">The operation with the figure.</param>
/// <param name="Figure">The name of the figure.</param>
/// <param name="Measured">The measured value; null when it could not be measured.</param>
/// <param name="Wanted">The smallest or largest value that meets the goal.</param>
/// <param name="IsLeast">Whether <paramref name="Wanted"/> is the smallest value; otherwise it is the largest.</param>
internal sealed record Goal(string Operation, string Figure, double? Measured, double Wanted, bool IsLeast)
{
    public bool IsMet => IsLeast ? Measured >= Wanted : Measured <= Wanted;

    public string[] Cells =>
        [$"{Operation}: {Figure}", Number(Measured), $"{(IsLeast ? "at least" : "at most")} {Number(Wanted)}", IsMet ? "yes" : "no"];

    public static Goal AtLeast(string operation, string figure, double? measured, double wanted) => new(operation, figure, measured, wanted, IsLeast: true);

    public static Goal AtMost(string operation, string figure, double? measured, double wanted) => new(operation, figure, measured, wanted, IsLeast: false);

    private static string Number(double? value) => value?.ToString(value < 10 ? "0.00" : "#,0", CultureInfo.InvariantCulture) ?? "failed";
}

/// <summary>The goals of the service on PostgreSQL, for the measured rows.</summary>
internal static class Goals
{
    private const string Rate = "requests/s of its limit";
    private const string Cpu = "server CPU of its limit";
    private const string Time = "time of its limit";
    private const string P99 = "p99 of its limit";
    private const string RateOfRefresh = "requests/s of refresh";

    public static IEnumerable<Goal> Of(IReadOnlyList<RowResult> results) =>
        results.SelectMany(result => Of(result).Select(goal => result.HasFailed ? goal with { Measured = null } : goal));

    /// <summary>Returns the goals of a start. They are those of a published service, even when a build was measured.</summary>
    public static IReadOnlyList<Goal> Of(IReadOnlyList<LifeOfInstance> lives)
    {
        var what = SourceTree.IsPublished ? "published" : "the build";
        return
        [
            Goal.AtMost(Operations.Start, $"ms to the first 200, {what}", Middle.Of(lives, life => life.Start.TotalMilliseconds), 600),
            Goal.AtMost(Operations.Start, $"MB resident, idle, {what}", Middle.Of(lives, life => life.Idle), 100),
            Goal.AtMost(Operations.Start, $"MB resident, at most under refreshes, {what}", Middle.Of(lives, life => life.Loaded), 220),
        ];
    }

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
            Operations.Refresh => [Goal.AtLeast(name, Rate, row.RateRatio, 0.75), .. OfRefresh(row)],
            Operations.WebRefresh => [Goal.AtLeast(name, Rate, row.RateRatio, 0.7), .. OfRefresh(row)],
            Operations.OneTimeToken => [Goal.AtLeast(name, Rate, row.RateRatio, 0.55), Goal.AtLeast(name, RateOfRefresh, row.RateOfOther, 0.6)],
            Operations.Claim or Operations.Logout => [Goal.AtLeast(name, Rate, row.RateRatio, 0.55)],
            Operations.GetSession or Operations.Introspect or Operations.KeepAlive or Operations.ListUserSessions =>
                [Goal.AtLeast(name, Rate, row.RateRatio, 0.5)],
            Operations.RefreshTouch => [Goal.AtLeast(name, Rate, row.RateRatio, 0.85)],
            Operations.BulkInvalidate => [Goal.AtMost(name, Time, row.P50Ratio, 1.3)],
            Operations.Login => [Goal.AtLeast(name, Rate, row.RateRatio, 0.95)],
            Operations.LoginFlood or Operations.RefusalFlood => [Goal.AtMost(name, P99, row.P99Ratio, 2)],
            _ => [],
        };
    }

    private static Goal[] OfRefresh(RowResult row) =>
        [Goal.AtMost(row.Row.Name, Cpu, row.CpuRatio, 1.4), Goal.AtMost(row.Row.Name, P99, row.P99Ratio, 2)];
}
