namespace AuthService.ApiTests.Hosting;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string TestResults { get; } = Path.Combine(Find(), "TestResults");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AuthService.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository");
        return folder.FullName;
    }
}
