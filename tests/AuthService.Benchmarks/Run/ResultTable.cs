using System.Globalization;
using System.Text;

namespace AuthService.Benchmarks.Run;

/// <summary>The one table of a run, as Markdown that lines up in a terminal too.</summary>
internal sealed class ResultTable(IReadOnlyList<RowResult> results)
{
    private static readonly string[] Heads =
        ["operation", "requests/s", "of its limit", "server CPU ms", "of its limit", "database CPU ms", "p50 ms", "p99 ms", "errors"];

    public bool HasFailures => results.Any(result => result.Median.Errors > 0);

    public string Text
    {
        get
        {
            string[][] lines = [Heads, .. results.Select(Cells)];
            int[] widths = [.. Enumerable.Range(0, Heads.Length).Select(column => lines.Max(line => line[column].Length))];
            var text = new StringBuilder();
            Append(text, Heads, widths);
            Append(text, [.. widths.Select((width, column) => column == 0 ? new string('-', width) : ":".PadLeft(width, '-'))], widths);
            foreach (var line in lines.Skip(1))
                Append(text, line, widths);
            foreach (var failed in results.Where(result => result.Median.Errors > 0))
                text.AppendLine(CultureInfo.InvariantCulture, $"\n{failed.Row.Name} FAILED, first: {failed.Median.FirstError}");
            foreach (var note in results.Select(result => result.Row.Contender.Note).OfType<string>())
                text.AppendLine(CultureInfo.InvariantCulture, $"\n{note}");
            return text.ToString();
        }
    }

    /// <summary>A row with errors has no figures: a server that refuses is fast.</summary>
    private static string[] Cells(RowResult result)
    {
        var figures = result.Median;
        return figures.Errors > 0
            ? [result.Row.Name, "failed", "", "", "", "", "", "", Number(figures.Errors, "0")]
            :
            [
                result.Row.Name,
                Number(figures.RequestsPerSecond, figures.RequestsPerSecond < 100 ? "0.0" : "#,0"),
                Number(result.RateRatio, "0.00"),
                Milliseconds(figures.ServerCpu),
                Number(result.CpuRatio, "0.00"),
                Milliseconds(figures.DatabaseCpu),
                Milliseconds(figures.P50),
                Milliseconds(figures.P99),
                "0",
            ];
    }

    private static void Append(StringBuilder text, string[] cells, int[] widths) =>
        text.Append("| ")
            .AppendJoin(" | ", cells.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))
            .AppendLine(" |");

    private static string Milliseconds(TimeSpan? time) => Number(time?.TotalMilliseconds, time?.TotalMilliseconds < 10 ? "0.000" : "0.0");

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
