using System.Reflection;
using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>Checks that files, methods and lines stay small, and that the root of the repository contains only files that belong there.</summary>
public sealed class SizeTests
{
    private const int LongestProgram = 69;
    private const int LongestFile = 250;
    private const int LongestMethod = 40;
    private const int LongestHandler = 15;
    private const int LongestLine = 160;
    private const int MostDependencies = 5;

    private static readonly string[] AtTheRoot =
    [
        "src", "tests", "docker-compose.yml", "Directory.Build.props", "AuthService.sln", "README.md", ".editorconfig",
        "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md",
        ".ci", ".config", ".gitignore", ".dockerignore", "global.json", "Directory.Packages.props", ".git",
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

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void No_method_is_longer_than_a_screen(string folder)
    {
        var tooLong =
            from path in Repository.SourcesOf(folder)
            where !path.Contains("/Migrations/", StringComparison.Ordinal)
            from method in Methods.In(Repository.LinesOf(folder, path))
            where method.Length > LongestMethod
            select $"{folder}/{path}:{method.Line}: {method.Length} lines: {method.Header}";

        Breaches.None(tooLong);
    }

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void No_line_is_wider_than_a_screen(string folder)
    {
        var tooWide =
            from path in Repository.SourcesOf(folder)
            from line in Repository.LinesOf(folder, path).Index()
            where line.Item.Length > LongestLine
            select $"{folder}/{path}:{line.Index + 1}: {line.Item.Length} columns";

        Breaches.None(tooWide);
    }

    /// <summary>A handler binds, calls one method of a service and converts its outcome into a response.</summary>
    [Fact]
    public void No_handler_does_more_than_its_part()
    {
        var tooLong =
            from path in Repository.SourcesOf("src/AuthService")
            where path.EndsWith("Endpoints.cs", StringComparison.Ordinal)
            from method in Methods.In(Repository.LinesOf("src/AuthService", path))
            where method.Length > LongestHandler && !method.Header.Contains(" Map", StringComparison.Ordinal)
            select $"{path}:{method.Line}: {method.Length} lines: {method.Header}";
        var tooWide =
            from type in typeof(Program).Assembly.GetTypes()
            where type.Name.EndsWith("Endpoints", StringComparison.Ordinal)
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            where method.GetParameters().Length > MostDependencies
            select $"{type.FullName}.{method.Name}: {method.GetParameters().Length} parameters";

        Breaches.None(tooLong.Concat(tooWide));
    }

    [Fact]
    public void No_class_depends_on_more_than_a_few_others()
    {
        var tooMany =
            from type in typeof(Program).Assembly.GetTypes()
            where type is { IsClass: true, Namespace: not null } && type.Namespace.StartsWith("AuthService", StringComparison.Ordinal)
            where type.GetMethod("<Clone>$") is null // a record is data
            from constructor in type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            where constructor.GetParameters().Length > MostDependencies
            select $"{type.FullName}: {constructor.GetParameters().Length} parameters";

        Breaches.None(tooMany);
    }

    [Fact]
    public void Nothing_else_lands_at_the_root()
    {
        var ignored = Repository.LinesOf(".gitignore").Select(line => line.Trim('/'));
        var entries = Directory.EnumerateFileSystemEntries(Repository.Root).Select(path => Path.GetFileName(path));

        Breaches.None(entries.Except([.. AtTheRoot, .. ignored], StringComparer.Ordinal));
    }
}
