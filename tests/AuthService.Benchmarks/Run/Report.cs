using System.Globalization;
using System.Text;

namespace AuthService.Benchmarks.Run;

/// <summary>What a run found: every row beside its limit, then the goals.</summary>
internal sealed class Report(IReadOnlyList<RowResult> results, IReadOnlyList<GoalLine> goals)
{
    private static readonly string[] Heads =
    [
        "operation", "requests/s", "of its limit", "server CPU ms", "of its limit", "database CPU ms", "p50 ms", "p99 ms", "of its limit", "errors",
    ];

    public bool HasFailures => results.Any(result => result.HasFailed);

    public string Text
    {
        get
        {
            var text = new StringBuilder();
            if (results.Count > 0)
                text.Append(MarkdownTable.Of(Heads, results.Select(Cells)));
            foreach (var failed in results.Where(result => result.HasFailed))
                text.AppendLine(CultureInfo.InvariantCulture, $"\n{failed.Row.Name} FAILED, first: {failed.Median.FirstError}");
            foreach (var note in results.Select(result => result.Row.Contender.Note).OfType<string>())
                text.AppendLine(CultureInfo.InvariantCulture, $"\n{note}");
            if (goals.Count > 0)
                text.AppendLine().Append(MarkdownTable.Of(GoalLine.Heads, goals.Select(goal => goal.Cells), texts: 2));
            return text.ToString();
        }
    }

    /// <summary>A row with errors has no figures: a server that refuses is fast.</summary>
    private static string[] Cells(RowResult result)
    {
        var figures = result.Median;
        return result.HasFailed
            ? [result.Row.Name, "failed", "", "", "", "", "", "", "", Number(figures.Errors, "0")]
            :
            [
                result.Row.Name,
                Number(figures.RequestsPerSecond, figures.RequestsPerSecond < 100 ? "0.0" : "#,0"),
                Number(result.OfLimit?.Rate, "0.00"),
                Milliseconds(figures.ServerCpu),
                Number(result.OfLimit?.Cpu, "0.00"),
                Milliseconds(figures.DatabaseCpu),
                Milliseconds(figures.P50),
                Milliseconds(figures.P99),
                Number(result.OfLimit?.P99, "0.00"),
                "0",
            ];
    }

    private static string Milliseconds(TimeSpan? time) => Number(time?.TotalMilliseconds, time?.TotalMilliseconds < 10 ? "0.000" : "0.0");

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
