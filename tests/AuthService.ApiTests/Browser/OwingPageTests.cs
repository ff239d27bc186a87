using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>The account page of somebody who owes a second factor: the set-up, signing out, and nothing that the service would refuse.</summary>
[Collection("pages")]
public sealed class OwingPageTests(PagesHost pages)
{
    /// <summary>Makes nobody else before the factor is there.</summary>
    private static readonly Person Administrator = new(AuthHost.AdminId, AuthHost.AdminPassword, "");

    [Fact]
    public async Task An_app_settles_it_and_the_lists_come()
    {
        await using var host = await StartHostAsync(pages);
        var page = await OpenAccountAsync(pages, host);
        await ExpectSetUpAloneAsync(page);
        await page.ExpectTextAsync("#factor-words", "A second step is demanded here: connect an app or add a passkey to go on.");

        await page.BeginSetUpAsync();
        await page.ConnectAsync(host, Administrator);

        await Assertions.Expect(page.Entry("this device")).ToBeVisibleAsync();
        await page.ClickAsync("#codes-done");
        await page.ExpectTextAsync("#factor-words", "On:");
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task A_passkey_settles_it_as_well()
    {
        await using var host = await StartHostAsync(pages);
        var page = await OpenAccountAsync(pages, host);
        await ExpectSetUpAloneAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();

        await Assertions.Expect(page.Entry("this device")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#factor-words")).ToHaveTextAsync("Off: a sign-in asks for no second step.");
        await page.ExpectTextAsync("#notice", "You can sign in with it from now on.");
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task Who_has_a_passkey_is_sent_to_it()
    {
        using var authenticator = new SoftwareAuthenticator();
        await using var host = await StartHostAsync(pages);
        await host.AddPasskeyAsync((await host.LoginAsync(Administrator)).AccessToken, authenticator);
        var page = await OpenAccountAsync(pages, host);
        await ExpectSetUpAloneAsync(page);
        await page.ExpectTextAsync("#factor-words", "A second step is demanded here: sign out, and in again with your passkey, to go on.");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();

        await page.ExpectSignedOutAsync();
        Assert.Empty(await page.ComplaintsAsync());
    }

    internal static Task<AuthHost> StartHostAsync(PagesHost pages) => AuthHost.StartAsync(Store.Sqlite, new()
    {
        ["Origins:Trusted:3"] = "localhost",
        ["LoginServices:web:Endpoint"] = pages.Home,
        ["TwoFactor:Required"] = "Everyone",
    });

    /// <summary>At the origin of passkeys.</summary>
    internal static async Task<IPage> OpenAccountAsync(PagesHost pages, AuthHost host, BrowserNewContextOptions? options = null)
    {
        var page = await pages.OpenAsync("/login", options);
        await page.ShowAtOriginAsync(host);
        await page.AddAuthenticatorAsync();
        await page.GotoAsync($"{VirtualAuthenticator.Origin}/login?service=web");
        await page.SignInOnPageAsync(Administrator.Id, Administrator.Password);
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
        await page.GotoAsync($"{VirtualAuthenticator.Origin}/account");
        await page.ExpectTextAsync("#factor-words", "A second step is demanded here");
        return page;
    }

    private static async Task ExpectSetUpAloneAsync(IPage page)
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync(["Two-step sign-in", "Passkeys"]); // of what is visible
        await Assertions.Expect(page.Locator("#problem")).ToBeEmptyAsync();
        Assert.Empty(await page.ComplaintsAsync());
    }
}
