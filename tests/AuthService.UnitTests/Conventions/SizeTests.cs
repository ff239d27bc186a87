using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>Files stay small, and the root of the repository stays empty of anything that has no place there.</summary>
public sealed class SizeTests
{
    private const int LongestProgram = 69;
    private const int LongestFile = 250;

    private static readonly string[] AtTheRoot =
    [
        "src", "tests", "docker-compose.yml", "Directory.Build.props", "AuthService.sln", "README.md", ".editorconfig",
        ".ci", ".gitignore", ".dockerignore", "global.json", "Directory.Packages.props", ".git",
    ];

    [Fact]
    public void Program_is_a_table_of_contents() =>
        Assert.InRange(Repository.LinesOf("src/AuthService/Program.cs").Length, 1, LongestProgram);

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void No_file_is_longer_than_a_few_screens(string folder)
    {
        var tooLong =
            from path in Repository.SourcesOf(folder)
            where !path.Contains("/Migrations/", StringComparison.Ordinal)
            let length = Repository.LinesOf(folder, path).Length
            where length > LongestFile
            select $"{folder}/{path}: {length} lines";

        Breaches.None(tooLong);
    }

    [Fact]
    public void Nothing_else_lands_at_the_root()
    {
        var ignored = Repository.LinesOf(".gitignore").Select(line => line.Trim('/'));
        var entries = Directory.EnumerateFileSystemEntries(Repository.Root).Select(path => Path.GetFileName(path));

        Breaches.None(entries.Except([.. AtTheRoot, .. ignored], StringComparer.Ordinal));
    }
}
