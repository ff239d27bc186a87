namespace AuthService.UnitTests.Conventions;

/// <summary>Finds the files of this repository, with paths relative to its root.</summary>
internal static class Repository
{
    private static readonly string[] Built = ["bin", "obj"];
    private static readonly string[] Foreign = [.. Built, "node_modules", "data", "TestResults"];

    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>
    /// Lists the C# files below a folder, except those that the compiler creates. The paths are relative to that folder and use slashes.
    /// </summary>
    public static IReadOnlyList<string> SourcesOf(string folder)
    {
        var start = Path.Combine(Root, folder);
        return
        [
            .. Directory.EnumerateFiles(start, "*.cs", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(start, path).Replace('\\', '/'))
                .Where(path => !path.Split('/').Intersect(Built, StringComparer.Ordinal).Any())
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Lists the Markdown files of this project. The paths are relative to the root and use slashes.</summary>
    public static IReadOnlyList<string> Papers() =>
    [
        .. Directory.EnumerateFiles(Root, "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Intersect(Foreign, StringComparer.Ordinal).Any())
            .Order(StringComparer.Ordinal),
    ];

    public static string[] LinesOf(params string[] path) => File.ReadAllLines(Path.Combine([Root, .. path]));

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "AuthService.sln")) ? folder : FindRoot(Path.GetDirectoryName(folder)!);
}
