using System.Text;

namespace AuthService.Benchmarks.Run;

/// <summary>A table in Markdown that lines up in a terminal too: the first columns to the left, the figures to the right.</summary>
internal static class MarkdownTable
{
    /// <param name="heads">The titles of the columns.</param>
    /// <param name="lines">A cell for each of them.</param>
    /// <param name="texts">How many of the first columns hold words.</param>
    public static string Of(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> lines, int texts = 1)
    {
        IReadOnlyList<string>[] all = [heads, .. lines];
        int[] widths = [.. Enumerable.Range(0, heads.Count).Select(column => all.Max(line => line[column].Length))];
        var text = new StringBuilder();
        Append(heads);
        Append([.. widths.Select((width, column) => column < texts ? new string('-', width) : ":".PadLeft(width, '-'))]);
        foreach (var line in all.Skip(1))
            Append(line);
        return text.ToString();

        void Append(IReadOnlyList<string> cells) =>
            text.Append("| ")
                .AppendJoin(" | ", cells.Select((cell, column) => column < texts ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))
                .AppendLine(" |");
    }
}
