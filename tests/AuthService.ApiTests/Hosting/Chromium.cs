using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// Debian's Chromium, driven by Playwright, for <c>class … : IClassFixture&lt;Chromium&gt;</c>. Playwright's own browsers are never downloaded.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>The longest wait, in milliseconds. The whole suite runs at the same time, perhaps on two cores.</summary>
    private const float Patience = 90_000;

    /// <summary>
    /// The most open contexts. Tests of one fixture run one after another and need no more. Each context takes as much memory as a service.
    /// </summary>
    private const int MostContexts = 3;

    /// <summary>The names of the program. The first one renders no window and takes half the CPU time.</summary>
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

    private readonly Queue<IBrowserContext> _contexts = new();

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Find(),
            Headless = true,
            Timeout = Patience,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>Opens a tab with its own cookies and storage. Those of earlier tests are closed.</summary>
    public async Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null)
    {
        if (_contexts.Count == MostContexts)
            await _contexts.Dequeue().CloseAsync();
        var context = await _browser!.NewContextAsync(options);
        _contexts.Enqueue(context);
        context.SetDefaultTimeout(Patience);
        context.SetDefaultNavigationTimeout(Patience);
        return await context.NewPageAsync();
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static string Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/bin");
        return folders.SelectMany(_ => Names, Path.Combine).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("Chromium is not installed: run tests/run.sh, or apt-get install chromium.");
    }
}
