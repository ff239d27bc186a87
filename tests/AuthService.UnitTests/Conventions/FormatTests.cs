using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>
/// Checks the format that the compiler's rule (IDE0055) does not see: the order of imports, the ends of lines and files, other languages.
/// </summary>
public sealed partial class FormatTests
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", "build", "dist"];

    private static readonly string[] Text =
        [".cs", ".ts", ".js", ".mjs", ".css", ".html", ".svg", ".json", ".md", ".txt", ".csproj", ".props", ".yml", ".sh", ".http"];

    [Fact]
    public void Imports_are_sorted_with_those_of_System_first()
    {
        var unsorted =
            from path in Files()
            where path.EndsWith(".cs", StringComparison.Ordinal)
            let imports = Repository.LinesOf(path).Where(line => Import().IsMatch(line)).Select(PlaceOf).ToArray()
            where !imports.SequenceEqual(imports.Order(StringComparer.OrdinalIgnoreCase), StringComparer.Ordinal)
            select path;

        Breaches.None(unsorted);
    }

    [Fact]
    public void Lines_end_with_a_line_feed_and_nothing_before_it() => Breaches.None(Files().SelectMany(FaultsOf));

    private static IEnumerable<string> Files() =>
        from path in Directory.EnumerateFiles(Repository.Root).Concat(FilesIn("src")).Concat(FilesIn("tests"))
        where Text.Contains(Path.GetExtension(path), StringComparer.Ordinal)
        let relative = Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')
        where !relative.Split('/').Intersect(NotOurs, StringComparer.Ordinal).Any()
        select relative;

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories);

    private static IEnumerable<string> FaultsOf(string path)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Repository.Root, path));
        var text = Encoding.UTF8.GetString(bytes);
        if (text.StartsWith('\uFEFF'))
            yield return $"{path} begins with a byte order mark";
        if (text.Length > 0 && !text.EndsWith('\n'))
            yield return $"{path} does not end with a line feed";
        if (text.Contains('\r', StringComparison.Ordinal))
            yield return $"{path} has carriage returns";
        foreach (var (i, line) in text.Split('\n').Index())
        {
            if (line.EndsWith(' ') || line.EndsWith('\t'))
                yield return $"{path}:{i + 1} has white space at its end";
        }
    }

    /// <summary>Gets the sort key of an import, as the SDK sorts: namespaces before static imports before aliases, System first, part by part.</summary>
    private static string PlaceOf(string line)
    {
        var import = Import().Match(line);
        var name = import.Groups["name"].Value;
        var kind = import.Groups["alias"].Success ? 2 : import.Groups["static"].Success ? 1 : 0;
        var isOthers = name is not "System" && !name.StartsWith("System.", StringComparison.Ordinal);
        return $"{kind}{(isOthers ? 1 : 0)}{(kind is 2 ? import.Groups["alias"].Value : name).Replace('.', ' ')}";
    }

    [GeneratedRegex(@"^using (?<static>static )?((?<alias>\w+) = )?(?<name>[\w.<>, ]+);$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Import();
}
