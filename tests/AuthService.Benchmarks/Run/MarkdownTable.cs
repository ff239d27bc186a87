using System.Globalization;
using System.Text;

namespace AuthService.Benchmarks.Run;

/// <summary>A table that is also readable in a terminal: text is aligned on the left, figures on the right.</summary>
internal sealed class MarkdownTable(params string[] heads)
{
    private readonly List<string[]> _lines = [heads];

    public void Add(params string[] cells) => _lines.Add(cells);

    public override string ToString()
    {
        int[] widths = [.. heads.Select((_, column) => _lines.Max(line => line[column].Length))];
        var text = new StringBuilder();
        Append(text, _lines[0], widths);
        Append(text, [.. widths.Select((width, column) => column == 0 ? new string('-', width) : ":".PadLeft(width, '-'))], widths);
        foreach (var line in _lines.Skip(1))
            Append(text, line, widths);
        return text.ToString();
    }

    /// <summary>Formats a time with a useful number of decimals; empty when there is none.</summary>
    public static string Milliseconds(TimeSpan? time) => Number(time?.TotalMilliseconds, time?.TotalMilliseconds < 10 ? "0.000" : "0.0");

    public static string Ratio(double? ratio) => Number(ratio, "0.00");

    public static string Count(double? count) => Number(count, count is > 0 and < 100 ? "0.0" : "#,0");

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static void Append(StringBuilder text, string[] cells, int[] widths) =>
        text.Append("| ")
            .AppendJoin(" | ", cells.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))
            .AppendLine(" |");
}
