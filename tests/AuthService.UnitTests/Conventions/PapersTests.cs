using System.Text.RegularExpressions;
using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>Checks the papers (Markdown files): the README stays short, and every link leads to a file.</summary>
public sealed partial class PapersTests
{
    private const int LongestReadme = 130;

    private static readonly string[] Expected =
    [
        "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "tests/README.md",
        "src/AuthService/README.md", "src/AuthService/OPERATIONS.md", "src/AuthService/DECISIONS.md",
    ];

    [Fact]
    public void The_readme_is_read_in_a_few_minutes() =>
        Assert.InRange(Repository.LinesOf("README.md").Length, 1, LongestReadme);

    [Fact]
    public void Every_paper_is_where_people_look_for_it() =>
        Breaches.None(Expected.Except(Repository.Papers(), StringComparer.Ordinal));

    [Fact]
    public void Every_relative_link_leads_to_a_file_and_a_heading()
    {
        var broken =
            from paper in Repository.Papers()
            from link in LinksIn(paper)
            where !Exists(paper, link.Target)
            select $"{paper}:{link.Line} ({link.Target})";

        Breaches.None(broken);
    }

    /// <summary>Comments cite only these papers or an RFC, never a file that is not in the repository.</summary>
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Every_paper_that_code_cites_exists(string folder)
    {
        var broken =
            from path in Repository.SourcesOf(folder)
            from numbered in Repository.LinesOf(folder, path).Index()
            let comment = numbered.Item.TrimStart()
            where comment.StartsWith("//", StringComparison.Ordinal)
            from match in Citation().Matches(comment)
            where !Exists("", match.Value)
            select $"{folder}/{path}:{numbered.Index + 1} ({match.Value})";

        Breaches.None(broken);
    }

    /// <summary>Without this, a pattern that finds no link at all would pass.</summary>
    [Fact]
    public void The_links_between_the_papers_are_found() =>
        Assert.InRange(LinksIn("README.md").Count(), 10, int.MaxValue);

    private static bool Exists(string paper, string target)
    {
        var (path, anchor) = target.Split('#') is [var file, var heading] ? (file, heading) : (target, null);
        var full = path.Length == 0 ? Path.Combine(Repository.Root, paper) : Path.Combine(Repository.Root, Path.GetDirectoryName(paper) ?? "", path);
        return anchor is null ? Path.Exists(full) : File.Exists(full) && AnchorsIn(full).Contains(anchor);
    }

    /// <summary>Finds the links that do not begin with a scheme, with their lines.</summary>
    private static IEnumerable<(string Target, int Line)> LinksIn(string paper) =>
        from numbered in TextOf(Path.Combine(Repository.Root, paper))
        from match in Link().Matches(WithoutCode().Replace(numbered.Text, ""))
        let target = match.Groups["target"].Value
        where !target.Contains(':', StringComparison.Ordinal)
        select (target, numbered.Line);

    /// <summary>Gets the anchors that GitHub gives to headings: lower case, no punctuation, hyphens for spaces.</summary>
    private static HashSet<string> AnchorsIn(string path) =>
    [
        .. TextOf(path).Where(line => line.Text.StartsWith('#'))
            .Select(line => Punctuation().Replace(line.Text.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-')),
    ];

    /// <summary>Reads the lines outside code blocks.</summary>
    private static IEnumerable<(string Text, int Line)> TextOf(string path)
    {
        var isCode = false;
        foreach (var (index, line) in File.ReadLines(path).Index())
        {
            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            isCode ^= isFence;
            if (!isCode && !isFence)
                yield return (line, index + 1);
        }
    }

    /// <summary>Matches a Markdown file, perhaps with a heading, or the section of a specification that is not in the repository.</summary>
    [GeneratedRegex(@"[\w./-]+\.md(#[\w-]+)?|\bSPEC [0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Citation();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WithoutCode();

    [GeneratedRegex(@"[^\p{L}\p{N}_\- ]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Punctuation();
}
