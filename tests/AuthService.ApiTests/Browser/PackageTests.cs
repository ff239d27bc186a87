using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>The TypeScript package in the tabs of a real browser, with Web Locks and with the lease that takes their place.</summary>
[Collection("browser")]
public sealed class PackageTests(BrowserHost browser)
{
    private const string NoWebLocks = "Object.defineProperty(navigator, 'locks', { value: undefined })";

    private readonly List<string> _refreshes = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_tabs_whose_token_expires_at_once_refresh_once_and_both_work(bool webLocks)
    {
        var (one, two) = await OpenTwoAsync(webLocks);
        await one.SignInAsync(await browser.Host.CreatePersonAsync());
        await two.HearAsync(signedIn: true);
        var before = await one.GetAccessTokenAsync();
        await Task.WhenAll(one.LetTokenExpireAsync(), two.LetTokenExpireAsync());

        var tokens = await Task.WhenAll(one.GetAccessTokenAsync(), two.GetAccessTokenAsync());

        Assert.Single(_refreshes);
        Assert.Equal(tokens[0], tokens[1]);
        Assert.NotEqual(before, tokens[0], StringComparer.Ordinal);
        Assert.Equal((200, 200), (await one.ListSessionsAsync(browser), await two.ListSessionsAsync(browser)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signing_out_in_one_tab_signs_out_the_other(bool webLocks)
    {
        var (one, two) = await OpenTwoAsync(webLocks);
        await one.SignInAsync(await browser.Host.CreatePersonAsync());
        await two.HearAsync(signedIn: true);

        await one.SignOutAsync();
        await two.HearAsync(signedIn: false);

        Assert.Equal(("SignedOutError", "SignedOutError"), (await one.GetAccessTokenAsync(), await two.GetAccessTokenAsync()));
        Assert.Empty(_refreshes);
    }

    [Fact]
    public async Task A_reloaded_tab_is_signed_in_still()
    {
        var (one, two) = await OpenTwoAsync(webLocks: true);
        await one.SignInAsync(await browser.Host.CreatePersonAsync());
        await two.HearAsync(signedIn: true);

        await one.ReloadAsync(browser);

        Assert.Equal(200, await one.ListSessionsAsync(browser));
        Assert.Single(_refreshes);
    }

    [Fact]
    public async Task Its_type_of_a_session_has_the_members_that_the_service_sends()
    {
        const string Member = "  readonly ";
        var source = await File.ReadAllTextAsync(PackageTab.FindFile("src/accountSessions.ts"));
        var type = source[source.IndexOf("interface UserSession", StringComparison.Ordinal)..];
        var named = type[..type.IndexOf('}', StringComparison.Ordinal)].Split('\n')
            .Where(line => line.StartsWith(Member, StringComparison.Ordinal))
            .Select(line => line[Member.Length..].Split('?', ':')[0]);

        var sessions = await browser.Host.GetAsync("/account/auth/sessions", await browser.Host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(sessions[0].MemberNames().Concat(["extendedBy", "actor"]).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    private async Task<(PackageTab One, PackageTab Two)> OpenTwoAsync(bool webLocks)
    {
        var context = (await browser.OpenAsync("about:blank")).Context;
        if (!webLocks)
            await context.AddInitScriptAsync(NoWebLocks);
        context.Request += (_, request) => _refreshes.AddRange(request is { Method: "POST" } && IsRefresh(request) ? [request.Url] : []);
        return (await PackageTab.OpenAsync(context, browser), await PackageTab.OpenAsync(context, browser));
    }

    private static bool IsRefresh(IRequest request) => request.Url.EndsWith("/auth/refresh/web", StringComparison.Ordinal);
}
