using System.Globalization;
using System.Text;

namespace AuthService.Benchmarks.Run;

/// <summary>The results of a run as Markdown: every row with its limit, then the goals.</summary>
internal sealed class Report(IReadOnlyList<RowResult> results, IReadOnlyList<Goal> goals)
{
    public bool HasFailures => results.Any(result => result.HasFailed);

    public string Text
    {
        get
        {
            var text = new StringBuilder();
            if (results.Count > 0)
                text.Append(Rows());
            foreach (var failed in results.Where(result => result.HasFailed))
                text.AppendLine(CultureInfo.InvariantCulture, $"\n{failed.Row.Name} FAILED, first: {failed.Median.FirstError}");
            foreach (var note in results.Select(result => result.Row.Contender.Note).OfType<string>())
                text.AppendLine(CultureInfo.InvariantCulture, $"\n{note}");
            if (goals.Count > 0)
                text.AppendLine().Append(Aims());
            return text.ToString();
        }
    }

    private MarkdownTable Rows()
    {
        var table = new MarkdownTable(
            "operation", "requests/s", "of its limit", "server CPU ms", "of its limit", "database CPU ms", "p50 ms", "p99 ms", "of its limit", "errors");
        foreach (var result in results)
            table.Add(Cells(result));
        return table;
    }

    private MarkdownTable Aims()
    {
        var table = new MarkdownTable("figure", "measured", "goal", "met");
        foreach (var goal in goals)
            table.Add(goal.Cells);
        return table;
    }

    /// <summary>Returns the cells of a row. A row with errors has no figures, because a server that refuses is fast.</summary>
    private static string[] Cells(RowResult result)
    {
        var figures = result.Median;
        return result.HasFailed
            ? [result.Row.Name, "failed", "", "", "", "", "", "", "", $"{figures.Errors}"]
            :
            [
                result.Row.Name,
                MarkdownTable.Count(figures.RequestsPerSecond),
                MarkdownTable.Ratio(result.RateRatio),
                MarkdownTable.Milliseconds(figures.ServerCpu),
                MarkdownTable.Ratio(result.CpuRatio),
                MarkdownTable.Milliseconds(figures.DatabaseCpu),
                MarkdownTable.Milliseconds(figures.P50),
                MarkdownTable.Milliseconds(figures.P99),
                MarkdownTable.Ratio(result.P99Ratio),
                "0",
            ];
    }
}
