using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.IdentityProviders;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Recovery;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>
/// A Chromium and the service at http://localhost, whose own pages are trusted. After a sign-in people return to the page
/// <see cref="Home"/> of a site beside it.
/// </summary>
[CollectionDefinition("pages")]
public sealed class PagesHost : ICollectionFixture<PagesHost>, IAsyncLifetime
{
    private readonly Chromium _chromium = new();
    private readonly MailServer _mails = MailServer.Start();
    private Site? _site;
    private PlainProvider? _provider;
    private AuthHost? _host;

    public AuthHost Host => _host!;

    public Mailbox Mails => new(_mails);

    public string Service => $"http://localhost:{Host.Address.Port}";

    public string Home => $"{_site!.As("localhost")}/home";

    public string CrossSiteOrigin => _site!.As("127.0.0.1");

    /// <summary>The title of <see cref="Provider"/>.</summary>
    internal const string ProviderTitle = "Example Corp";

    /// <summary>Where people have accounts too. It asks nobody anything.</summary>
    internal PlainProvider Provider => _provider!;

    public async Task InitializeAsync()
    {
        _site = await Site.StartAsync();
        _provider = await PlainProvider.StartAsync(TimeProvider.System);
        _host = await AuthHost.StartAsync(Store.Sqlite, _mails.Settings.With(_provider.SettingsFor(ProviderTitle)).With(new()
        {
            ["Origins:Trusted:3"] = "localhost",
            ["LoginServices:web:Endpoint"] = Home,
            ["TwoFactor:TrustDeviceFor"] = "30.00:00:00",
        }));
        _provider.Clock = _host.Clock;
        _provider.Reach = callback => callback.Replace(new Uri(callback).GetLeftPart(UriPartial.Authority), Service, StringComparison.Ordinal);
        await _chromium.InitializeAsync();
    }

    /// <summary>A browser of its own, with an empty cookie jar, on this page of the service.</summary>
    public async Task<IPage> OpenAsync(string path, BrowserNewContextOptions? options = null)
    {
        var page = await _chromium.NewPageAsync(options);
        await page.AddInitScriptAsync(
            """
            window.complaints = [];
            addEventListener('securitypolicyviolation', event => complaints.push(`CSP ${event.effectiveDirective} ${event.blockedURI}`));
            addEventListener('error', event => complaints.push(event.message ?? event.target.outerHTML), true);
            addEventListener('unhandledrejection', event => complaints.push(String(event.reason)));
            """);
        await page.GotoAsync(Service + path);
        return page;
    }

    /// <summary>The account page of somebody who has just signed in on the sign-in page.</summary>
    public async Task<IPage> OpenAccountAsync(Person person, BrowserNewContextOptions? options = null)
    {
        var page = await OpenAsync("/login?service=web", options);
        await page.SignInOnPageAsync(person.Id, person.Password);
        await Assertions.Expect(page).ToHaveURLAsync(Home);
        await page.GotoAsync($"{Service}/account");
        await page.ExpectSignedInHereAsync();
        return page;
    }

    /// <summary>The link of the newest mail, at the address that this browser reaches the service at.</summary>
    public async Task<string> LinkAsync(string address, string subject)
    {
        var link = new Uri(Mailbox.LinkOf((await Mails.WaitForAsync(address, subject))[^1]));
        return $"{Service}{link.PathAndQuery}{link.Fragment}";
    }

    public async Task DisposeAsync()
    {
        await _mails.DisposeAsync();
        await _chromium.DisposeAsync();
        if (_host is not null)
            await _host.DisposeAsync();
        if (_provider is not null)
            await _provider.DisposeAsync();
        if (_site is not null)
            await _site.DisposeAsync();
    }
}

/// <summary>What people do on the pages of the service, and what they then see.</summary>
public static class PageSteps
{
    /// <summary>As people do who look for the words on the page.</summary>
    public static async Task SignInOnPageAsync(this IPage page, string name, string password)
    {
        await page.GetByLabel("User name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    public static Task ExpectSignedInHereAsync(this IPage page) => ExpectVisibleAsync(page.GetByRole(AriaRole.Heading, new() { Name = "Your sessions" }));

    public static Task ExpectSignedOutAsync(this IPage page) => ExpectVisibleAsync(page.GetByRole(AriaRole.Heading, new() { Name = "You are signed out" }));

    public static Task ExpectTextAsync(this IPage page, string selector, string part) => Assertions.Expect(page.Locator(selector)).ToContainTextAsync(part);

    /// <summary>What went wrong in the browser since the page was opened, in its own words.</summary>
    public static Task<string[]> ComplaintsAsync(this IPage page) => page.EvaluateAsync<string[]>("complaints");

    /// <summary>The entry of a list that says this.</summary>
    public static ILocator Entry(this IPage page, string text) => page.Locator(".sessions > li").Filter(new() { HasText = text });

    /// <summary>Says yes to the question that the page asks.</summary>
    public static Task AgreeAsync(this IPage page) => page.ClickAsync("#ask-yes");

    private static Task ExpectVisibleAsync(ILocator locator) => Assertions.Expect(locator).ToBeVisibleAsync();
}
