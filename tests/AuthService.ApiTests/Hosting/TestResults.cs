namespace AuthService.ApiTests.Hosting;

/// <summary>The folder for measurements and failures of a run: <c>TestResults</c> at the root of the repository.</summary>
internal static class TestResults
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = Find();

    public static string Folder { get; } = Path.Combine(Root, "TestResults");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AuthService.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository");
        return folder.FullName;
    }
}
