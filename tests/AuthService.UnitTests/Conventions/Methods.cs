using System.Text.RegularExpressions;

namespace AuthService.UnitTests.Conventions;

/// <param name="Line">The line of its opening brace, from 1.</param>
/// <param name="Header">The text before the brace.</param>
/// <param name="Length">The number of lines between its braces.</param>
internal sealed record Method(int Line, string Header, int Length);

/// <summary>
/// Finds the members with a body in a source file by its layout: each brace of a block is on a separate line, which the formatter enforces.
/// </summary>
internal static partial class Methods
{
    public static IEnumerable<Method> In(string[] lines)
    {
        var open = new Stack<(int Line, string Header, bool IsType)>();
        var (header, inText) = ("", false);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            var isText = inText;
            inText ^= line.Split("\"\"\"").Length % 2 == 0;
            if (isText || line.StartsWith("//", StringComparison.Ordinal))
                continue;
            if (line is "{")
                open.Push((i + 1, header, TypeHeader().IsMatch(header)));
            else if (line.StartsWith('}') && open.TryPop(out var block) && !block.IsType && IsMember(open) && !IsInitializer(block.Header, line))
                yield return new Method(block.Line, block.Header, i - block.Line);
            header = line is "" || line is [.., ';' or '{' or '}'] || line.StartsWith('[') ? "" : $"{header} {line}".Trim();
        }
    }

    private static bool IsMember(Stack<(int Line, string Header, bool IsType)> around) => !around.TryPeek(out var parent) || parent.IsType;

    private static bool IsInitializer(string header, string end) => end is "};" && !header.Contains("=>", StringComparison.Ordinal);

    [GeneratedRegex(
        @"^((public|internal|private|protected|sealed|static|abstract|partial|readonly|file)\s+)*(class|record|struct|interface|enum)\b",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypeHeader();
}
