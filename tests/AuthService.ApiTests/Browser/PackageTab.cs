using System.Runtime.CompilerServices;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;

namespace AuthService.ApiTests.Browser;

/// <summary>A tab of a trusted page that uses the bundle of <c>src/authservice-js</c>.</summary>
public sealed class PackageTab
{
    private const string Start =
        """
        async ({ bundle, url }) => {
          const { AuthService } = await import(URL.createObjectURL(new Blob([bundle], { type: 'text/javascript' })));
          window.auth = new AuthService({ url, service: 'web' });
          window.news = [];
          auth.onChange(person => news.push(person && person.id));
        }
        """;

    private readonly IPage _page;

    private PackageTab(IPage page) => _page = page;

    /// <summary>One more tab of this browser.</summary>
    public static async Task<PackageTab> OpenAsync(IBrowserContext context, BrowserHost browser)
    {
        var tab = new PackageTab(await context.NewPageAsync());
        await tab.ReloadAsync(browser);
        return tab;
    }

    public async Task ReloadAsync(BrowserHost browser)
    {
        await _page.GotoAsync(browser.TrustedOrigin);
        await _page.EvaluateAsync(Start, new { bundle = await File.ReadAllTextAsync(FindFile("dist/authservice.min.js")), url = browser.Service });
    }

    public Task SignInAsync(Person person) =>
        _page.EvaluateAsync("({ id, password }) => auth.signIn(id, password)", new { id = person.Id, password = person.Password });

    public Task SignOutAsync() => _page.EvaluateAsync("() => auth.signOut()");

    /// <summary>Sets this tab's clock forward: to it a token of ten minutes has expired.</summary>
    public Task LetTokenExpireAsync() => _page.EvaluateAsync("() => { const now = Date.now; Date.now = () => now() + 660_000; }");

    /// <summary>The access token, or the name of the error.</summary>
    public Task<string> GetAccessTokenAsync() => _page.EvaluateAsync<string>("() => auth.getAccessToken().catch(error => error.name)");

    /// <summary>The status of a call with the package's fetch.</summary>
    public Task<int> ListSessionsAsync(BrowserHost browser) =>
        _page.EvaluateAsync<int>("url => auth.fetch(url).then(answer => answer.status)", $"{browser.Service}/account/auth/sessions");

    /// <summary>Waits until somebody is signed in (true) or nobody is, as this tab was told without asking.</summary>
    public Task HearAsync(bool signedIn) => _page.WaitForFunctionAsync("signedIn => news.length > 0 && (news.at(-1) !== null) === signedIn", signedIn);

    /// <summary>A file of the package's own folder.</summary>
    public static string FindFile(string name, [CallerFilePath] string path = "")
    {
        var file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../src/authservice-js", name));
        return File.Exists(file) ? file : throw new InvalidOperationException($"{file} is missing: run tests/run.sh, or npm ci and npm run build there.");
    }
}
