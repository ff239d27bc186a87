using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>What a page that is not ours cannot do to a visitor who is signed in.</summary>
[Collection("browser")]
public sealed class UntrustedPageTests(BrowserHost browser)
{
    [Theory]
    [InlineData("/auth/refresh/web")]
    [InlineData("/auth/logout/web")]
    public async Task A_page_of_another_site_is_refused_and_its_call_carries_no_cookie(string path)
    {
        var (page, csrfToken) = await SignedInAsync();
        await page.GotoAsync(browser.CrossSiteOrigin);
        var log = await NetworkLog.WatchAsync(page);

        var status = await page.SendBlindlyAsync(browser.Service + path);

        Assert.Equal(403, status);
        Assert.Equal("", await log.CookieToAsync(browser.Service + path));
        await ExpectStillSignedInAsync(page, csrfToken);
    }

    [Theory]
    [InlineData("/auth/refresh/web")]
    [InlineData("/auth/logout/web")]
    public async Task An_untrusted_page_of_the_same_site_is_refused_although_its_call_carries_the_cookie(string path)
    {
        var (page, csrfToken) = await SignedInAsync();
        await page.GotoAsync(browser.SameSiteUntrustedOrigin);
        var log = await NetworkLog.WatchAsync(page);

        var status = await page.SendBlindlyAsync(browser.Service + path);

        Assert.Equal(403, status);
        Assert.StartsWith("refreshToken=rt_", await log.CookieToAsync(browser.Service + path), StringComparison.Ordinal);
        await ExpectStillSignedInAsync(page, csrfToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Knowing_the_CSRF_token_does_not_help_an_untrusted_page(bool sameSite)
    {
        var (page, csrfToken) = await SignedInAsync();
        await page.GotoAsync(sameSite ? browser.SameSiteUntrustedOrigin : browser.CrossSiteOrigin);

        var refreshed = await page.WebRefreshAsync(browser, csrfToken);
        var loggedOut = await page.WebLogoutAsync(browser, csrfToken);

        Assert.Equal((0, 0), (refreshed.Status, loggedOut.Status));
        await ExpectStillSignedInAsync(page, csrfToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_untrusted_page_cannot_sign_its_visitor_in_as_somebody_else(bool sameSite)
    {
        var (page, csrfToken) = await SignedInAsync();
        var secret = (await page.FindRefreshCookieAsync())!.Value;
        var attacker = await browser.Host.CreatePersonAsync();
        await page.GotoAsync(sameSite ? browser.SameSiteUntrustedOrigin : browser.CrossSiteOrigin);

        var blind = await page.SendBlindlyAsync($"{browser.Service}/auth/login", Fetches.FormOf(attacker));
        var readable = await page.LoginAsync(browser, attacker);
        var form = await page.SubmitLoginFormAsync(browser, attacker);

        Assert.Equal((403, 0, 403), (blind, readable.Status, form.Status));
        Assert.Equal(secret, (await page.FindRefreshCookieAsync())!.Value);
        Assert.DoesNotContain(await page.Context.CookiesAsync(), cookie => cookie.Name == "authState");
        await ExpectStillSignedInAsync(page, csrfToken);
    }

    [Theory]
    [InlineData("/auth/refresh/web")]
    [InlineData("/auth/logout/web")]
    public async Task A_form_of_an_untrusted_page_does_nothing(string path)
    {
        var (page, csrfToken) = await SignedInAsync();
        await page.GotoAsync(browser.SameSiteUntrustedOrigin);

        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["X-CSRFToken"] = csrfToken };
        var response = await page.SubmitFormAsync(browser.Service + path, fields);

        Assert.Equal(403, response.Status);
        await ExpectStillSignedInAsync(page, csrfToken);
    }

    [Theory]
    [InlineData("/swagger/index.html")]
    [InlineData("/login")]
    [InlineData("/account")]
    [InlineData("/portal")]
    public async Task Pages_of_the_service_cannot_be_framed(string path)
    {
        var page = await browser.OpenAsync(browser.TrustedOrigin);
        var frame = $"{browser.Service}{path}";

        await page.RunAndWaitForConsoleMessageAsync(
            () => page.EvaluateAsync("url => document.body.append(Object.assign(document.createElement('iframe'), { src: url }))", frame),
            new() { Predicate = message => message.Text.Contains("frame-ancestors", StringComparison.Ordinal) });
    }

    private async Task<(IPage Page, string CsrfToken)> SignedInAsync()
    {
        var page = await browser.OpenAsync(browser.TrustedOrigin);
        var login = await page.LoginAsync(browser, await browser.Host.CreatePersonAsync());
        Assert.Equal(200, login.Status);
        return (page, login.Json.Text("csrfToken"));
    }

    private async Task ExpectStillSignedInAsync(IPage page, string csrfToken)
    {
        await page.GotoAsync(browser.TrustedOrigin);
        Assert.Equal(200, (await page.WebRefreshAsync(browser, csrfToken)).Status);
    }
}
