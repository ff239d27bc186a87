using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>The account page beside other tabs and after odd cookies: it shows whom the cookie is for, or that nobody is signed in.</summary>
[Collection("pages")]
public sealed class AccountTabsTests(PagesHost pages)
{
    [Fact]
    public async Task Who_signs_in_in_another_tab_is_shown_in_both()
    {
        var (ann, bob) = (await pages.Host.CreatePersonAsync(), await pages.Host.CreatePersonAsync());
        var page = await pages.OpenAccountAsync(ann);
        await page.ExpectTextAsync("#person", ann.Id);
        var tab = await page.Context.NewPageAsync();

        await tab.GotoAsync($"{pages.Service}/login?service=web");
        await tab.SignInOnPageAsync(bob.Id, bob.Password);
        await Assertions.Expect(tab).ToHaveURLAsync(pages.Home);
        await tab.GotoAsync($"{pages.Service}/account");

        await tab.ExpectTextAsync("#person", bob.Id);
        await page.ExpectTextAsync("#person", bob.Id);
        Assert.Empty(await page.ComplaintsAsync());
    }

    /// <summary>The answer would be carried out on somebody else, and the passwords would stand in their form.</summary>
    [Fact]
    public async Task What_one_person_has_open_and_typed_goes_once_somebody_else_has_signed_in()
    {
        var (ann, bob) = (await pages.Host.CreatePersonAsync(), await pages.Host.CreatePersonAsync());
        var other = await pages.Host.LoginAsync(bob);
        var page = await pages.OpenAccountAsync(ann);
        await page.GetByLabel("Current password").FillAsync(ann.Password);
        await page.GetByLabel("New address").FillAsync("ann@example.com");
        var tab = await page.Context.NewPageAsync();
        await tab.GotoAsync($"{pages.Service}/login?service=web");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere" }).ClickAsync();

        await tab.SignInOnPageAsync(bob.Id, bob.Password);
        await Assertions.Expect(tab).ToHaveURLAsync(pages.Home);

        await page.ExpectTextAsync("#person", bob.Id);
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByLabel("Current password")).ToHaveValueAsync("");
        await Assertions.Expect(page.GetByLabel("New address")).ToHaveValueAsync("");
        await pages.Host.RefreshAsync(other.RefreshToken);
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task A_list_that_comes_after_another_tab_has_signed_out_is_not_shown()
    {
        var page = await pages.OpenAccountAsync(await pages.Host.CreatePersonAsync());
        var (tab, asked, released) = (await page.Context.NewPageAsync(), new TaskCompletionSource(), new TaskCompletionSource());
        await tab.RouteAsync("**/account/auth/sessions/active", async route =>
        {
            var answer = await route.FetchAsync();
            asked.TrySetResult();
            await released.Task;
            await route.FulfillAsync(new() { Response = answer });
        });
        await tab.GotoAsync($"{pages.Service}/account");
        await asked.Task;

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await tab.ExpectSignedOutAsync();
        var listed = tab.WaitForResponseAsync("**/account/auth/sessions/active");
        released.SetResult();
        await (await listed).FinishedAsync();

        await tab.EvaluateAsync("() => new Promise(later => setTimeout(later, 100))");
        await Assertions.Expect(tab.Locator("#signed-in")).ToBeHiddenAsync();
        await tab.ExpectSignedOutAsync();
    }

    [Fact]
    public async Task One_can_sign_out_although_the_cookie_is_gone()
    {
        var page = await pages.OpenAccountAsync(await pages.Host.CreatePersonAsync());
        await page.Context.ClearCookiesAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();

        await page.ExpectSignedOutAsync();
    }

    /// <summary>The page of a site signs people in through the API, so that no page of the service learns of it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_has_signed_in_again_since_is_signed_out_or_it_is_said_that_they_are_not(bool isJustNow)
    {
        var (person, again) = (await pages.Host.CreatePersonAsync(), await pages.Host.CreatePersonAsync());
        var page = await pages.OpenAccountAsync(person);
        var site = await page.Context.NewPageAsync();
        await site.GotoAsync(pages.Home);
        await site.SubmitFormAsync($"{pages.Service}/auth/login", Fetches.FormOf(again));
        await Assertions.Expect(site).ToHaveURLAsync(pages.Home);
        if (!isJustNow)
            await page.Context.ClearCookiesAsync(new() { Name = "authState" });

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();

        if (isJustNow)
            await page.ExpectSignedOutAsync();
        else
            await page.ExpectTextAsync("#why", "Somebody has signed in again in this browser, and is still signed in. Sign in here to sign out.");
        Assert.Equal(isJustNow, await page.FindRefreshCookieAsync() is null);
        Assert.Empty(await page.ComplaintsAsync());
    }

    /// <summary>A neighbouring host can plant the cookie of a sign-in.</summary>
    [Fact]
    public async Task A_planted_state_cookie_keeps_nobody_from_signing_out()
    {
        var (person, attacker) = (await pages.Host.CreatePersonAsync(), await pages.Host.SignedInPersonAsync("web"));
        var page = await pages.OpenAccountAsync(person);
        await PlantAsync(page, Uri.EscapeDataString($$"""{"csrfToken":"{{attacker.CsrfToken}}"}"""));

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();

        await page.ExpectSignedOutAsync();
        Assert.Null(await page.FindRefreshCookieAsync());
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%7B")]
    [InlineData("null")]
    [InlineData("%7B%7D")]
    public async Task A_state_cookie_that_no_sign_in_left_is_no_trouble(string value)
    {
        var page = await pages.OpenAccountAsync(await pages.Host.CreatePersonAsync());

        await PlantAsync(page, value);
        await page.ReloadAsync();

        await page.ExpectSignedInHereAsync();
        Assert.DoesNotContain("authState", await page.ReadCookiesAsync(), StringComparison.Ordinal);
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task A_state_cookie_of_somebody_else_s_sign_in_signs_nobody_in_or_out()
    {
        var (person, attacker) = (await pages.Host.CreatePersonAsync(), await pages.Host.SignedInPersonAsync("web"));
        var page = await pages.OpenAccountAsync(person);

        await PlantAsync(page, Uri.EscapeDataString($$"""{"accessToken":"{{attacker.AccessToken}}","csrfToken":"{{attacker.CsrfToken}}"}"""));
        await page.ReloadAsync();

        await page.ExpectTextAsync("#person", person.Id);
        await page.ReloadAsync();
        await page.ExpectTextAsync("#person", person.Id);
    }

    /// <summary>As a page of a neighbouring host can.</summary>
    private Task PlantAsync(IPage page, string value) => page.Context.AddCookiesAsync([new() { Name = "authState", Value = value, Url = pages.Service }]);
}
