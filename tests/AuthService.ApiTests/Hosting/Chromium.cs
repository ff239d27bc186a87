using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>Debian's Chromium driven by Playwright, whose own browsers are never downloaded: <c>class … : IClassFixture&lt;Chromium&gt;</c>.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>In milliseconds: the whole suite runs beside these tests, on perhaps two cores.</summary>
    private const float Patience = 90_000;

    /// <summary>Tests of one fixture run one after another, and none needs more. Each costs as much memory as a service.</summary>
    private const int MostContexts = 3;

    /// <summary>The first one has no window to paint, and takes half the CPU.</summary>
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

    /// <summary>A tab with its own cookies and storage. Those of earlier tests are closed.</summary>
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
