using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

[Collection("browser")]
public sealed class TrustedPageTests(BrowserHost browser)
{
    [Fact]
    public async Task A_page_signs_in_stays_signed_in_and_signs_out()
    {
        var page = await browser.OpenAsync(browser.TrustedOrigin);

        var login = await page.LoginAsync(browser, await browser.Host.CreatePersonAsync());
        var refreshed = await page.WebRefreshAsync(browser, login.Json.Text("csrfToken"));
        var loggedOut = await page.WebLogoutAsync(browser, refreshed.Json.Text("csrfToken"));
        var afterwards = await page.WebRefreshAsync(browser, refreshed.Json.Text("csrfToken"));

        Assert.Equal((200, 200, 204, 400), (login.Status, refreshed.Status, loggedOut.Status, afterwards.Status));
        Assert.Equal(SessionOf(login), SessionOf(refreshed));
        Assert.Null(await page.FindRefreshCookieAsync());
    }

    [Fact]
    public async Task A_reloaded_tab_and_a_second_one_are_still_signed_in()
    {
        var page = await browser.OpenAsync(browser.TrustedOrigin);
        var login = await page.LoginAsync(browser, await browser.Host.CreatePersonAsync());
        await page.ReloadAsync();
        var second = await page.Context.NewPageAsync();
        await second.GotoAsync(browser.TrustedOrigin);

        Assert.Equal(200, (await page.WebRefreshAsync(browser, login.Json.Text("csrfToken"))).Status);
        Assert.Equal(200, (await second.WebRefreshAsync(browser, login.Json.Text("csrfToken"))).Status);
    }

    [Fact]
    public async Task The_browser_keeps_the_refresh_token_from_scripts_and_from_other_sites()
    {
        var page = await browser.OpenAsync(browser.TrustedOrigin);
        await page.LoginAsync(browser, await browser.Host.CreatePersonAsync());

        var cookie = await page.FindRefreshCookieAsync();

        Assert.NotNull(cookie);
        Assert.StartsWith("rt_", cookie.Value, StringComparison.Ordinal);
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.Equal(("localhost", "/"), (cookie.Domain, cookie.Path));
        Assert.InRange(DateTimeOffset.FromUnixTimeSeconds((long)cookie.Expires) - DateTimeOffset.UtcNow, TimeSpan.FromDays(29), TimeSpan.FromDays(31));
        Assert.DoesNotContain("rt_", await page.ReadCookiesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_to_a_browser_holds_the_refresh_token()
    {
        var page = await browser.OpenAsync(browser.TrustedOrigin);
        var login = await page.LoginAsync(browser, await browser.Host.CreatePersonAsync());
        var refreshed = await page.WebRefreshAsync(browser, login.Json.Text("csrfToken"));

        var secret = (await page.FindRefreshCookieAsync())!.Value;

        Assert.DoesNotContain(secret, login.Body + refreshed.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_public_computer_the_cookie_ends_with_the_browser()
    {
        var page = await browser.OpenAsync(browser.TrustedOrigin);

        await page.LoginAsync(browser, await browser.Host.CreatePersonAsync(), publicComputer: true);

        Assert.Equal(-1, (await page.FindRefreshCookieAsync())!.Expires);
    }

    [Fact]
    public async Task A_plain_form_lands_on_the_page_of_the_login_service_with_its_tokens()
    {
        var page = await browser.OpenAsync(browser.TrustedOrigin);

        await page.SubmitLoginFormAsync(browser, await browser.Host.CreatePersonAsync());
        await Assertions.Expect(page).ToHaveURLAsync($"{browser.TrustedOrigin}/home");

        var state = Assert.Single(await page.Context.CookiesAsync(), cookie => cookie.Name == "authState");
        Assert.Equal(("localhost", "/", false, SameSiteAttribute.Strict), (state.Domain, state.Path, state.HttpOnly, state.SameSite));
        // Chromium tells the end in coarse steps, either way; that it has not come yet is shown by the cookie being read below.
        Assert.True(DateTimeOffset.FromUnixTimeSeconds((long)state.Expires) - DateTimeOffset.UtcNow < TimeSpan.FromMinutes(2));
        Assert.True(state.Expires > 0, "it must not live as long as the browser");
        var tokens = JsonElement.Parse(await page.EvaluateAsync<string>("decodeURIComponent(document.cookie.match(/authState=([^;]*)/)[1])"));
        Assert.DoesNotContain("rt_", await page.ReadCookiesAsync(), StringComparison.Ordinal);
        var refreshed = await page.WebRefreshAsync(browser, tokens.Text("csrfToken"));
        Assert.Equal(Requests.ClaimsOf(tokens.Text("accessToken")).Text("sid"), SessionOf(refreshed));
    }

    private static string SessionOf(Fetched answer) => Requests.ClaimsOf(answer.Json.Text("accessToken")).Text("sid");
}
