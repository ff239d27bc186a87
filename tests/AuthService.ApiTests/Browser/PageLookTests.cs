using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>
/// Each page in each of its states, in light and dark, on a desktop and on a phone: without a barrier that axe knows,
/// without a complaint of the browser, no wider than the screen. A picture of each is left in TestResults/pages, to be looked at.
/// </summary>
[Collection("pages")]
public sealed class PageLookTests(PagesHost pages)
{
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";

    public static TheoryData<ColorScheme, string> Looks => new()
    {
        { ColorScheme.Light, "desktop" },
        { ColorScheme.Dark, "desktop" },
        { ColorScheme.Light, "phone" },
        { ColorScheme.Dark, "phone" },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task The_sign_in_page(ColorScheme scheme, string screen)
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAsync("/login?service=web", On(scheme, screen));
        await ExpectFineAsync(page, scheme, $"login-{screen}");

        await page.SignInOnPageAsync(person.Id, "wrong");
        await page.ExpectTextAsync("[role=alert]", "not right");
        await ExpectFineAsync(page, scheme, $"login-wrong-{screen}");

        using var frozen = pages.Host.Clock.Freeze(); // a busy machine takes longer than the lock
        await pages.Host.FailAsync(person.Id, 4);
        await page.SignInOnPageAsync(person.Id, person.Password);
        await page.ExpectTextAsync("[role=alert]", "Too many");
        await ExpectFineAsync(page, scheme, $"login-locked-{screen}");

        await page.GotoAsync($"{pages.Service}/login?service=nowhere");
        await ExpectFineAsync(page, scheme, $"login-unknown-{screen}");
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task The_account_page(ColorScheme scheme, string screen)
    {
        var person = await pages.Host.CreatePersonAsync(new() { ["firstNames"] = "Ada", ["lastName"] = "Lovelace" });
        await pages.Host.LoginAsync(person.Id, person.Password, "app", ("User-Agent", Phone));
        await pages.Host.DelegateAsync((await pages.Host.LoginAsync(person.Id, person.Password, "app", ("User-Agent", Firefox))).AccessToken);
        await pages.Host.ImpersonateAsync(await pages.Host.NewServiceTokenAsync(), (await pages.Host.ImpersonatorAsync()).Session.SessionId, person);
        var page = await pages.OpenAccountAsync(person, On(scheme, screen));
        await ExpectFineAsync(page, scheme, $"account-{screen}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere" }).ClickAsync();
        await ExpectFineAsync(page, scheme, $"account-question-{screen}");
        await page.AgreeAsync();
        await page.ExpectSignedOutAsync();
        await ExpectFineAsync(page, scheme, $"account-signed-out-{screen}");
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task The_portal_page(ColorScheme scheme, string screen)
    {
        var service = await pages.Host.NewServiceTokenAsync();
        var application = await pages.Host.CreateApplicationAsync(service);
        var link = await pages.Host.PostAsync(
            AppTokenCalls.PortalOf(application.Id), service, new { featureFlags = new[] { "invoices", "exports" } }).PortalAsync();
        var page = await pages.OpenAsync($"/portal{link.Url.Fragment}", On(scheme, screen));
        await page.ExpectTextAsync("#uid", application.Uid);
        await ExpectFineAsync(page, scheme, $"portal-{screen}");

        await page.GetByRole(AriaRole.Button).ClickAsync();
        await page.ExpectTextAsync("#title", "You are logged out");
        await ExpectFineAsync(page, scheme, $"portal-logged-out-{screen}");
    }

    private static BrowserNewContextOptions On(ColorScheme scheme, string screen) => new()
    {
        ColorScheme = scheme,
        ViewportSize = screen is "phone" ? new() { Width = 360, Height = 740 } : new() { Width = 1280, Height = 860 },
        DeviceScaleFactor = screen is "phone" ? 2 : 1,
    };

    private static async Task ExpectFineAsync(IPage page, ColorScheme scheme, string name)
    {
        var picture = Path.Combine(Repository.TestResults, "pages", $"{name}-{scheme}.png".ToLowerInvariant());
        await page.ScreenshotAsync(new() { Path = picture, FullPage = true, Animations = ScreenshotAnimations.Disabled });

        Assert.Empty(await page.ComplaintsAsync());
        var result = await page.RunAxe();
        Assert.True(result.Violations.Length is 0, $"{name}: {string.Join('\n', result.Violations.Select(InWords))}");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} is wider than the screen");
    }

    private static string InWords(AxeResultItem violation) =>
        $"{violation.Id}: {violation.Help} at {string.Join(", ", violation.Nodes.Select(node => node.Html))}";
}
