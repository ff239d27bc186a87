using Microsoft.Playwright;

namespace AuthService.ApiTests.Hosting;

/// <summary>The folder for measurements and failures of a run: <c>TestResults</c> at the root of the repository.</summary>
internal static class TestResults
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = Find();

    public static string Folder { get; } = Path.Combine(Root, "TestResults");

    /// <summary>
    /// Takes a picture of a page to be looked at, <c>TestResults/{folder}/{name}.png</c>, if <c>AUTHSERVICE_TESTS_PICTURES=1</c>. No test reads the pictures.
    /// </summary>
    public static async Task PictureAsync(IPage page, string folder, string name)
    {
        if (Environment.GetEnvironmentVariable("AUTHSERVICE_TESTS_PICTURES") is not "1")
            return;
        var path = Path.Combine(Folder, folder, $"{name}.png".ToLowerInvariant());
        await page.ScreenshotAsync(new() { Path = path, FullPage = true, Animations = ScreenshotAnimations.Disabled });
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AuthService.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository");
        return folder.FullName;
    }
}
