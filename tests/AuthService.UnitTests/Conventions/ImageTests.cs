using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.FileSystemGlobbing;
using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>
/// Checks that the first stage of the Dockerfile copies all files that its commands read. Docker is not available everywhere, and a build in the
/// repository finds every file anyway.
/// </summary>
public sealed partial class ImageTests
{
    private const string Project = "src/AuthService";

    /// <summary>The files that MSBuild, NuGet, the SDK and the compiler search in the folder of a project and in those above it.</summary>
    private static readonly string[] FoundByName =
    [
        "global.json", "nuget.config", "NuGet.config", "NuGet.Config", "Directory.Build.props", "Directory.Build.targets", "Directory.Build.rsp",
        "Directory.Packages.props", ".editorconfig", ".globalconfig",
    ];

    private static readonly Matcher Ignored = ReadIgnored();

    [Fact]
    public void What_a_restore_reads_is_copied_before_it() => Breaches.None(MissingAt("dotnet restore", ProjectFiles()));

    [Fact]
    public void What_a_publish_reads_is_copied_before_it() =>
        Breaches.None(MissingAt("dotnet publish", [.. ProjectFiles(), .. FilesNamedIn(ProjectFiles()), .. Sources()]));

    /// <summary>Without this, patterns that find nothing would pass.</summary>
    [Fact]
    public void The_files_beside_the_project_are_found()
    {
        Assert.Contains("Directory.Packages.props", ProjectFiles(), StringComparer.Ordinal);
        Assert.Contains("src/BannedSymbols.txt", FilesNamedIn(ProjectFiles()), StringComparer.Ordinal);
        Assert.Contains("src/AuthService/Mail/Templates/layout.html", Sources(), StringComparer.Ordinal);
    }

    private static List<string> ProjectFiles() =>
    [
        .. from folder in (string[])["", "src/", $"{Project}/"]
           from name in FoundByName
           where File.Exists(Path.Combine(Repository.Root, folder, name))
           select folder + name,
        $"{Project}/AuthService.csproj",
    ];

    /// <summary>Lists the files and folders outside the project that MSBuild files name.</summary>
    private static List<string> FilesNamedIn(IEnumerable<string> projectFiles) =>
    [
        .. from file in projectFiles
           where Path.GetExtension(file) is ".props" or ".targets" or ".csproj"
           let folder = Path.GetDirectoryName(Path.Combine(Repository.Root, file))!
           from value in XDocument.Load(Path.Combine(Repository.Root, file)).Descendants().SelectMany(element => element.Attributes())
           from match in NamedFile().Matches(value.Value)
           let path = Path.GetFullPath(Path.Combine(folder, match.Groups["path"].Value.Replace('\\', '/')))
           select Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'),
    ];

    private static List<string> Sources() =>
    [
        .. from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, Project), "*", SearchOption.AllDirectories)
           let file = Path.GetRelativePath(Path.Combine(Repository.Root, Project), path).Replace('\\', '/')
           where !file.StartsWith("data/", StringComparison.Ordinal) && !file.Split('/').Intersect(["bin", "obj"], StringComparer.Ordinal).Any()
           select $"{Project}/{file}",
    ];

    private static IEnumerable<string> MissingAt(string command, IReadOnlyCollection<string> files)
    {
        var before = Instructions().TakeWhile(instruction => !instruction.StartsWith($"RUN {command}", StringComparison.Ordinal)).ToList();
        Assert.InRange(before.Count, 1, Instructions().Count - 1);
        var copies = before.Where(instruction => instruction.StartsWith("COPY ", StringComparison.Ordinal)).Select(copy => copy.Split(' ')[1..]).ToList();
        return
            from file in files.Distinct(StringComparer.Ordinal)
            where Ignored.Match(file).HasMatches || !copies.Exists(copy => copy[..^1].Any(source => PlaceOf(file, source, copy[^1]) == file))
            select $"{file} is not copied before {command}";
    }

    /// <returns>The path to which a COPY of <paramref name="source"/> puts the file, or null.</returns>
    private static string? PlaceOf(string file, string source, string target)
    {
        var folder = target is "." or "./" ? "" : $"{target.TrimEnd('/')}/";
        if (file == source)
            return target.EndsWith('/') || target is "." ? folder + Path.GetFileName(file) : target;
        return file.StartsWith($"{source.TrimEnd('/')}/", StringComparison.Ordinal) ? folder + file[(source.TrimEnd('/').Length + 1)..] : null;
    }

    /// <summary>Reads the instructions of the Dockerfile, each on one line.</summary>
    private static List<string> Instructions() =>
    [
        .. string.Join('\n', Repository.LinesOf(Project, "Dockerfile").Where(line => !line.StartsWith('#')))
            .Replace("\\\n", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries),
    ];

    private static Matcher ReadIgnored()
    {
        var ignored = new Matcher(StringComparison.Ordinal);
        foreach (var line in Repository.LinesOf(".dockerignore").Where(line => line.Length > 0 && line[0] is not '#'))
            ignored.AddInclude(line.TrimEnd('/')).AddInclude($"{line.TrimEnd('/')}/**");
        return ignored;
    }

    [GeneratedRegex(
        @"(\$\(MSBuild(ThisFile|Project)Directory\)[/\\]?|(?<![\w./\\])(?=\.\.[/\\]))(?<path>[\w./\\-]+)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamedFile();
}
