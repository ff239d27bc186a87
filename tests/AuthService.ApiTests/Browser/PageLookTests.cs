using System.Text.Json.Nodes;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Browser;

/// <summary>
/// Each page in each of its states, in light and dark, on a desktop and on a phone: without a barrier that axe knows,
/// without a complaint of the browser, no wider than the screen.
/// </summary>
[Collection("pages")]
public sealed class PageLookTests(PagesHost pages)
{
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";

    /// <summary>Waits for transitions: colors change gradually. A transition that is canceled by another one rejects its promise.</summary>
    private const string UntilStill = """
        async () => {
            for (let moving; (moving = document.getAnimations()).length > 0;)
                await Promise.allSettled(moving.map(animation => animation.finished));
        }
        """;

    /// <summary>The last one is what the steps of a test go on with. Axe, which takes half a second of CPU, sees each scheme and each screen once.</summary>
    private static readonly (ColorScheme Scheme, string Screen, int Width, int Height, bool UsesAxe)[] Looks =
    [
        (ColorScheme.Dark, "phone", 360, 740, true), (ColorScheme.Light, "phone", 360, 740, false),
        (ColorScheme.Dark, "desktop", 1280, 860, false), (ColorScheme.Light, "desktop", 1280, 860, true),
    ];

    [Fact]
    public async Task The_sign_in_page()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAsync("/login?service=web");
        await ExpectFineAsync(page, "login");

        await page.SignInOnPageAsync(person.Id, "wrong");
        await page.ExpectTextAsync("[role=alert]", "not right");
        await ExpectFineAsync(page, "login-wrong");

        using var frozen = pages.Host.Clock.Freeze(); // a busy machine takes longer than the lock
        await pages.Host.FailAsync(person.Id, 4);
        await page.SignInOnPageAsync(person.Id, person.Password);
        await page.ExpectTextAsync("[role=alert]", "Too many");
        await ExpectFineAsync(page, "login-locked");

        await page.GotoAsync($"{pages.Service}/login?service=nowhere");
        await ExpectFineAsync(page, "login-unknown");
    }

    [Fact]
    public async Task The_account_page()
    {
        var person = await pages.Host.CreatePersonAsync(new() { ["firstNames"] = "Ada", ["lastName"] = "Lovelace" });
        await pages.Host.LoginAsync(person.Id, person.Password, "app", ("User-Agent", Phone));
        await pages.Host.DelegateAsync((await pages.Host.LoginAsync(person.Id, person.Password, "app", ("User-Agent", Firefox))).AccessToken);
        var (_, acting) = await pages.Host.ImpersonatorAsync();
        await pages.Host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);
        var page = await pages.OpenAccountAsync(person);
        await ExpectFineAsync(page, "account");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere" }).ClickAsync();
        await ExpectFineAsync(page, "account-question");
        await page.AgreeAsync();
        await page.ExpectSignedOutAsync();
        await ExpectFineAsync(page, "account-signed-out");
    }

    [Fact]
    public async Task The_second_factor()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAccountAsync(person);
        await page.BeginSetUpAsync();
        await ExpectFineAsync(page, "factor-set-up");
        await page.GetByLabel("Code of the app").FillAsync("000000");
        await page.PressConnectAsync();
        await page.ExpectTextAsync("#set-up-problem", "Incorrect code.");
        await ExpectFineAsync(page, "factor-wrong");
        await page.ConnectAsync(pages.Host, person);
        await ExpectFineAsync(page, "factor-codes");
        await page.ClickAsync("#codes-done");
        await ExpectFineAsync(page, "factor-on");

        await page.GotoAsync($"{pages.Service}/login?service=web");
        await page.SignInOnPageAsync(person.Id, person.Password);
        await page.AnswerOnPageAsync("000000");
        await page.ExpectTextAsync("[role=alert]", "The code is not right");
        await ExpectFineAsync(page, "login-second-step");
    }

    [Fact]
    public async Task The_question_for_a_proof()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAccountAsync(person);
        await pages.Host.GuardedAsync(person);
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the app" }).ClickAsync();
        await page.AgreeAsync();
        await page.ProveWithPasswordAsync(person.Password);
        await page.ProveAsync("000000");
        await page.ExpectTextAsync("#proof-problem", "Incorrect code.");
        await ExpectFineAsync(page, "factor-proof");
    }

    [Fact]
    public async Task The_passkeys()
    {
        using var laptop = new SoftwareAuthenticator();
        using var phone = new SoftwareAuthenticator { IsSynced = true };
        var (person, session) = await pages.Host.PasskeyOwnerAsync(laptop);
        await pages.Host.AddPasskeyAsync(session.AccessToken, phone, "The telephone that I bought in Aarhus in the summer of 2025");
        var page = await pages.OpenAccountAsync(person);
        await Assertions.Expect(page.Locator("#passkeys li")).ToHaveCountAsync(2);
        await ExpectFineAsync(page, "passkeys");

        await page.GetByRole(AriaRole.Button, new() { Name = "Rename: The telephone" }).ClickAsync();
        await ExpectFineAsync(page, "passkeys-rename");
    }

    [Fact]
    public async Task The_accounts_elsewhere()
    {
        var address = $"{NewName("ada")}@example.com";
        var person = await pages.Host.CreatePersonAsync(new() { ["email"] = address });
        pages.Provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["name"] = "Ada at a company with a rather long name of its own" };
        var page = await pages.OpenAccountAsync(person);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Add {PagesHost.ProviderTitle}" }).ClickAsync();
        await page.ExpectTextAsync("#notice", "The account is added.");
        await ExpectFineAsync(page, "account-identity");

        pages.Provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["email"] = address };
        await page.GotoAsync($"{pages.Service}/login?service=web");
        await IdentityPageTests.SignInWithProviderAsync(page);
        await page.ExpectTextAsync("#problem", "Somebody here has the e-mail address");
        await ExpectFineAsync(page, "identity-problem");
    }

    [Fact]
    public async Task The_account_of_somebody_who_owes_a_factor()
    {
        await using var host = await OwingPageTests.StartHostAsync(pages);
        var page = await OwingPageTests.OpenAccountAsync(pages, host);
        await ExpectFineAsync(page, "account-owing");
    }

    [Fact]
    public async Task The_pages_of_links_in_mails()
    {
        var page = await pages.OpenAsync("/login/forgotten?service=web");
        await ExpectFineAsync(page, "forgotten");
        await page.GetByLabel("E-mail address").FillAsync("nobody@example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Mail me a link" }).ClickAsync();
        await page.ExpectTextAsync("[role=status]", "on its way");
        await ExpectFineAsync(page, "forgotten-sent");

        foreach (var (path, name) in new[]
        {
            ("/login/new-password#token=reset_x", "new-password"), ("/account/confirm-email#token=x", "confirm-email"), ("/account/not-me#token=x", "not-me"),
            ("/account/not-me", "not-me-without-token"),
        })
        {
            await page.GotoAsync(pages.Service + path);
            await ExpectFineAsync(page, name);
        }
    }

    [Fact]
    public async Task The_portal_page()
    {
        var service = await pages.Host.NewServiceTokenAsync();
        var application = await pages.Host.CreateApplicationAsync(service);
        var link = await pages.Host.PostAsync(
            AppTokenCalls.PortalOf(application.Id), service, new { featureFlags = new[] { "invoices", "exports" } }).PortalAsync();
        var page = await pages.OpenAsync($"/portal{link.Url.Fragment}");
        await page.ExpectTextAsync("#uid", application.Uid);
        await ExpectFineAsync(page, "portal");

        await page.GetByRole(AriaRole.Button).ClickAsync();
        await page.ExpectTextAsync("#title", "You are logged out");
        await ExpectFineAsync(page, "portal-logged-out");
    }

    private static async Task ExpectFineAsync(IPage page, string name)
    {
        foreach (var (scheme, screen, width, height, usesAxe) in Looks)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.SetViewportSizeAsync(width, height);
            await page.EvaluateAsync(UntilStill);
            await ExpectFineAsync(page, name, $"{screen}-{scheme}");
            if (usesAxe)
                await ExpectAccessibleAsync(page, $"{name}, {screen}-{scheme}");
        }
    }

    private static async Task ExpectFineAsync(IPage page, string name, string look)
    {
        await TestResults.PictureAsync(page, "pages", $"{name}-{look}");
        Assert.Empty(await page.ComplaintsAsync());
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name}, {look}, is wider than the screen");
    }

    private static async Task ExpectAccessibleAsync(IPage page, string look)
    {
        var result = await page.RunAxe();
        Assert.True(result.Violations.Length is 0, $"{look}: {string.Join('\n', result.Violations.Select(InWords))}");
    }

    private static string InWords(AxeResultItem violation) =>
        $"{violation.Id}: {violation.Help} at {string.Join(", ", violation.Nodes.Select(node => node.Html))}";
}
