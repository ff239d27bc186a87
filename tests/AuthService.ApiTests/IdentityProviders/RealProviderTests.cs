using System.Net;
using AuthService.ApiTests.Browser;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>Signing in works with an independent provider implementation.</summary>
public abstract class RealProviderTests(AuthHost host)
{
    private const string Title = "Example Corp";

    /// <summary>Eight sign-ins at a time are likely to overlap at any statement; fifty are more than a person's open tabs.</summary>
    [Fact]
    public async Task One_instance_finishes_what_another_began_and_fifty_first_sign_ins_make_one_person()
    {
        await using var provider = await RealProvider.StartAsync(Title, "http://localhost");
        await using var first = await host.StartAnotherAsync(provider.SettingsFor(Title));
        await using var second = await first.StartTwinAsync(provider.SettingsFor(Title));
        foreach (var atOnce in new[] { 50, 8, 8, 8, 8, 8, 8, 8 })
            await SignInFirstAsync(first, second, atOnce);
    }

    /// <summary>The page of UCloud's client shows a list of providers, with an address for each.</summary>
    [Fact]
    public async Task The_existing_clients_page_lists_providers_and_is_given_authState()
    {
        await using var provider = await RealProvider.StartAsync(Title, "http://localhost");
        await using var twin = await host.StartAnotherAsync(provider.SettingsFor(Title));
        var listed = await twin.GetAsync("/auth/browseIdentityProviders").ExpectAsync(HttpStatusCode.OK);
        var entry = Assert.Single(listed.GetProperty("responses").EnumerateArray());
        Assert.Equal(Title, entry.Text("title"));
        var browser = new ProviderBrowser(twin);

        var address = await browser.StartAsync(entry.GetProperty("id").GetInt32(), query: "");
        using var page = await browser.ComeBackAsync(await RealProvider.LogInAsync(address, NewName("ada")));

        Assert.Contains("url=", await page.ExpectPageAsync(HttpStatusCode.OK), StringComparison.Ordinal);
        var state = browser.AuthState();
        var session = new SignedIn(state.Text("accessToken"), state.Text("csrfToken"), browser.Cookies["refreshToken"], "refreshToken");
        await twin.TryWebRefreshAsync(session).ExpectAsync(HttpStatusCode.OK);
    }

    private static async Task SignInFirstAsync(AuthHost first, AuthHost second, int atOnce)
    {
        var name = NewName("ada");
        var begun = new List<(ProviderBrowser Browser, Uri Callback)>();
        for (var i = 0; i < atOnce; i++)
        {
            var browser = i % 2 is 0 ? new ProviderBrowser(first, second) : new ProviderBrowser(second, first);
            begun.Add((browser, await RealProvider.LogInAsync(await browser.StartAsync(), name)));
        }

        var answers = await Task.WhenAll(begun.Select(one => one.Browser.ComeBackAsync(one.Callback)));

        foreach (var answer in answers)
            await answer.ExpectPageAsync(HttpStatusCode.OK);
        var tokens = begun.ConvertAll(one => Requests.ClaimsOf(one.Browser.AuthState().Text("accessToken")));
        Assert.All(tokens, token => Assert.Equal((name, "Ada", $"{name}@example.com"), (token.Text("sub"), token.Text("firstNames"), token.Text("email"))));
        var people = await first.GetAsync($"/admin/principals?query={name}", await first.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(1, people.GetProperty("itemsInTotal").GetInt32());
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : RealProviderTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : RealProviderTests(store.Host);
}

/// <summary>
/// A person signs in with a provider in Chromium, from the sign-in page and back, with and without script. The provider is another
/// site to the browser, and a second instance finishes the sign-in. <see cref="RealProviderTests"/> do that on both stores, without a browser.
/// </summary>
public sealed class ProviderPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Title = "Example Corp";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_person_signs_in_with_the_company(bool script)
    {
        var address = RealProvider.FreeAddress();
        await using var provider = await RealProvider.StartAsync(Title, address);
        var settings = provider.SettingsFor(Title).With(new() { ["Jwt:Issuer"] = address, ["LoginServices:web:Endpoint"] = $"{address}/account" });
        await using var host = await AuthHost.StartAsync(Store.Sqlite, settings);
        await using var twin = await host.StartTwinAsync(settings);
        var page = await chromium.NewPageAsync(new() { JavaScriptEnabled = script });
        await page.RouteAsync($"{address}/auth/idp/**", async route =>
        {
            var there = new UriBuilder(route.Request.Url) { Port = twin.Address.Port }.Uri.AbsoluteUri;
            await route.FulfillAsync(new() { Response = await route.FetchAsync(new() { Url = there, MaxRedirects = 0 }) });
        });
        await page.GotoAsync($"{address}/login?service=web");

        await page.GetByRole(AriaRole.Link, new() { Name = $"Sign in with {Title}" }).ClickAsync();
        await page.Locator("[name=login]").FillAsync("ada");
        await page.Locator("[name=password]").FillAsync("any");
        await page.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator("[name=prompt]")).ToHaveValueAsync("consent");
        await page.Locator("button[type=submit]").ClickAsync();

        await Assertions.Expect(page).ToHaveURLAsync($"{address}/account");
        var cookies = (await page.Context.CookiesAsync([address])).ToDictionary(cookie => cookie.Name, StringComparer.Ordinal);
        Assert.StartsWith("rt_", cookies["refreshToken"].Value, StringComparison.Ordinal);
        Assert.StartsWith("device_", cookies["device"].Value, StringComparison.Ordinal);
        Assert.False(cookies.ContainsKey("provider"));
        if (script)
            await page.ExpectSignedInHereAsync();
    }
}
