using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using AuthService.ApiTests.Sessions;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>People sign in with an identity provider.</summary>
public abstract class ProviderSignInTests(AuthHost host, ProviderHosts hosts) : IAsyncLifetime
{
    private PlainProvider _provider = null!;
    private AuthHost _twin = null!;

    public async Task InitializeAsync()
    {
        _provider = hosts.Reset();
        _twin = await hosts.TwinAsync(_provider.SettingsFor("Example Corp"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_first_sign_in_makes_a_person_and_later_ones_find_them()
    {
        var subject = NewName("sub");
        var name = NewName("ada");
        _provider.Claims = new JsonObject
        {
            ["sub"] = subject,
            ["sid"] = "their-session",
            ["preferred_username"] = name,
            ["given_name"] = "Ada",
            ["family_name"] = "Lovelace",
            ["email"] = $"{name}@example.com",
            ["email_verified"] = true,
        };

        var browser = new ProviderBrowser(_twin);
        using var response = await browser.SignInAsync();

        Assert.Contains($"{AuthHost.Origin}/", await response.ExpectPageAsync(HttpStatusCode.OK), StringComparison.Ordinal);
        var claims = Requests.ClaimsOf(browser.AuthState().Text("accessToken"));
        Assert.Equal((name, "Ada", "Lovelace"), (claims.Text("sub"), claims.Text("firstNames"), claims.Text("lastName")));
        Assert.Equal($"{name}@example.com", claims.Text("email"));
        Assert.Equal("""["fed"]""", claims.GetProperty("amr").GetRawText());
        Assert.Equal("USER", claims.Text("role"));
        Assert.True(browser.Cookies.ContainsKey("refreshToken"));
        Assert.True(browser.Cookies.ContainsKey("device"));
        Assert.False(browser.Cookies.ContainsKey("provider"));
        var session = await _twin.GetAsync($"/sessions/{claims.Text("sid")}", await _twin.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(("Example Corp", subject), (session.GetProperty("sso").Text("provider"), session.GetProperty("sso").Text("identifier")));

        _provider.Claims["preferred_username"] = NewName("eve");
        using var again = await new ProviderBrowser(_twin).SignInAsync();
        await again.ExpectPageAsync(HttpStatusCode.OK);
        Assert.Equal(2, (await _twin.GetAsync($"/admin/audit?principal={name}&event=sign_in", await _twin.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK))
            .GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task The_providers_are_listed_in_the_order_of_the_settings()
    {
        await using var both = await host.StartTwinAsync(_provider.SettingsFor("B").With(_provider.SettingsFor("A", index: 1)).With(new()
        {
            ["IdentityProviders:1:LogoUrl"] = "https://id.example.com/logo.svg",
        }));

        var listed = await both.GetAsync("/auth/browseIdentityProviders").ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(
            """{"responses":[{"id":1,"title":"B","logoUrl":null},{"id":2,"title":"A","logoUrl":"https://id.example.com/logo.svg"}]}""",
            listed.GetRawText());
    }

    [Fact]
    public async Task A_sign_in_over_another_one_says_that_it_has_ended()
    {
        _provider.Claims = new JsonObject { ["sub"] = NewName("sub") };
        var browser = new ProviderBrowser(_twin);
        (await browser.SignInAsync()).Dispose();
        var first = Requests.ClaimsOf(browser.AuthState().Text("accessToken")).Text("sid");

        var claims = await browser.SignInAsync().ReceiptClaimsAsync(HttpStatusCode.OK);

        Assert.Equal(first, Assert.Single(claims.GetProperty("revoked").EnumerateArray()).Text("sid"));
    }

    [Fact]
    public async Task What_the_provider_was_asked_is_sealed_in_the_store()
    {
        _provider.Claims = new JsonObject { ["sub"] = NewName("sub") };
        var browser = new ProviderBrowser(_twin);
        var address = await browser.StartAsync();
        var nonce = QueryHelpers.ParseQuery(address.Query)["nonce"].ToString()[..20]; // JSON may escape characters, so compare only the start

        Assert.Equal(0, await _twin.Database.CountAsync($"sign_in_challenges WHERE state LIKE '%{nonce}%'"));
        Assert.NotEqual(0, await _twin.Database.CountAsync("sign_in_challenges WHERE kind = 5 AND sealed_secret IS NOT NULL"));
        using var response = await browser.ComeBackAsync(await ProviderBrowser.AuthorizeAsync(address));
        await response.ExpectPageAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_instance_finishes_what_another_began()
    {
        _provider.Claims = new JsonObject { ["sub"] = NewName("sub") };
        await using var other = await host.StartTwinAsync(_provider.SettingsFor("Example Corp"));

        using var response = await new ProviderBrowser(_twin, other).SignInAsync();

        await response.ExpectPageAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Fifty_first_sign_ins_at_once_make_one_person()
    {
        var name = NewName("many");
        _provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["preferred_username"] = name };
        await using var other = await host.StartTwinAsync(_provider.SettingsFor("Example Corp"));
        var begun = new List<(ProviderBrowser Browser, Uri Callback)>();
        for (var i = 0; i < 50; i++)
        {
            var browser = new ProviderBrowser(i % 2 is 0 ? _twin : other);
            begun.Add((browser, await ProviderBrowser.AuthorizeAsync(await browser.StartAsync())));
        }

        var answers = await Task.WhenAll(begun.Select(one => one.Browser.ComeBackAsync(one.Callback)));

        foreach (var answer in answers)
            await answer.ExpectPageAsync(HttpStatusCode.OK);
        var subjects = begun.Select(one => Requests.ClaimsOf(one.Browser.AuthState().Text("accessToken")).Text("sub")).Distinct(StringComparer.Ordinal);
        Assert.Equal(name, Assert.Single(subjects));
        Assert.Equal(1, (await _twin.GetAsync($"/admin/principals?query={name}", await _twin.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK))
            .GetProperty("itemsInTotal").GetInt32());
    }

    [Fact]
    public async Task A_second_factor_is_asked_for_unless_the_provider_shows_one()
    {
        _provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["preferred_username"] = NewName("two") };
        var browser = new ProviderBrowser(_twin);
        (await browser.SignInAsync()).Dispose();
        var state = browser.AuthState();
        var session = new SignedIn(state.Text("accessToken"), state.Text("csrfToken"), browser.Cookies["refreshToken"], "refreshToken");
        using var frozen = _twin.Clock.Freeze();
        var guarded = await _twin.GuardedAsync(session, new Person(Requests.ClaimsOf(session.AccessToken).Text("sub"), "", ""));

        using var owed = await new ProviderBrowser(_twin).SignInAsync(query: "&service=web&pages=true");
        Assert.Contains("Second step", await owed.ExpectPageAsync(HttpStatusCode.OK), StringComparison.Ordinal);
        var plain = new ProviderBrowser(_twin);
        (await plain.SignInAsync()).Dispose();
        Assert.False(plain.Cookies.ContainsKey("refreshToken"));
        var tokens = await _twin.TryAnswerAsync(plain.AuthState().Text("2fa"), _twin.NextCode(guarded)).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal("""["fed","otp","mfa"]""", Requests.ClaimsOf(tokens.Text("accessToken")).GetProperty("amr").GetRawText());
        var sid = Requests.ClaimsOf(tokens.Text("accessToken")).Text("sid");
        Assert.Equal("Example Corp", (await _twin.GetAsync($"/sessions/{sid}", await _twin.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK))
            .GetProperty("sso").Text("provider"));

        _provider.Claims["amr"] = new JsonArray("pwd", "otp");
        var shown = new ProviderBrowser(_twin);
        (await shown.SignInAsync()).Dispose();
        Assert.Equal("""["fed","mfa"]""", Requests.ClaimsOf(shown.AuthState().Text("accessToken")).GetProperty("amr").GetRawText());
    }

    [Fact]
    public async Task A_sign_in_that_took_too_long_begins_anew_and_one_that_is_over_does_not_count()
    {
        _provider.Claims = new JsonObject { ["sub"] = NewName("sub") };
        var browser = new ProviderBrowser(_twin);
        var callback = await ProviderBrowser.AuthorizeAsync(await browser.StartAsync());
        using (_twin.Clock.Freeze())
        {
            _twin.Clock.Advance(TimeSpan.FromMinutes(10));
            using var stale = await browser.ComeBackAsync(callback);
            Assert.Equal((HttpStatusCode.Found, "/auth/startLogin?id=1&service=web"), (stale.StatusCode, $"{stale.Headers.Location}"));
        }

        var fresh = await ProviderBrowser.AuthorizeAsync(await browser.StartAsync());
        using var done = await browser.ComeBackAsync(fresh);
        await done.ExpectPageAsync(HttpStatusCode.OK);
        await (await browser.ComeBackAsync(fresh)).ExpectProblemAsync(HttpStatusCode.BadRequest, "was not begun in this browser, or is over");
    }

    [Fact]
    public async Task A_public_computer_is_one_still_when_the_sign_in_begins_anew()
    {
        _provider.Claims = new JsonObject { ["sub"] = NewName("sub") };
        var browser = new ProviderBrowser(_twin);
        using var frozen = _twin.Clock.Freeze();
        var callback = await ProviderBrowser.AuthorizeAsync(await browser.StartAsync(query: "&service=web&pages=true&publicComputer=true"));
        _twin.Clock.Advance(TimeSpan.FromMinutes(10));
        using var stale = await browser.ComeBackAsync(callback);
        Assert.Equal("/auth/startLogin?id=1&service=web&pages=true&publicComputer=true", $"{stale.Headers.Location}");

        using var restarted = await browser.GetAsync($"{stale.Headers.Location}");
        using var done = await browser.ComeBackAsync(await ProviderBrowser.AuthorizeAsync(restarted.Headers.Location!));

        await done.ExpectPageAsync(HttpStatusCode.OK);
        Assert.Equal(["httponly", "path", "samesite"], SignIns.RefreshCookieOf(done)!.AttributeNames());
        Assert.False(browser.Cookies.ContainsKey("device"));
        var sid = Requests.ClaimsOf(browser.AuthState().Text("accessToken")).Text("sid");
        var session = await _twin.GetSessionAsync(await _twin.AdminTokenAsync(), sid);
        var created = session.GetProperty("created").GetDateTimeOffset();
        Assert.Equal(TimeSpan.FromMinutes(30), session.GetProperty("suspend").GetDateTimeOffset() - created);
        Assert.Equal(TimeSpan.FromHours(8), session.GetProperty("expire").GetDateTimeOffset() - created);
    }

    [Fact]
    public async Task The_answer_to_somebody_elses_request_signs_nobody_in()
    {
        _provider.Claims = new JsonObject { ["sub"] = NewName("sub") };
        var callback = await ProviderBrowser.AuthorizeAsync(await new ProviderBrowser(_twin).StartAsync());
        var victim = new ProviderBrowser(_twin);
        await victim.StartAsync();

        await (await victim.ComeBackAsync(callback)).ExpectProblemAsync(HttpStatusCode.BadRequest, "was not begun in this browser");
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(ProviderHosts<SqliteStore> hosts) : ProviderSignInTests(hosts.Host, hosts), IClassFixture<ProviderHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ProviderHosts<PostgresStore> hosts) : ProviderSignInTests(hosts.Host, hosts), IClassFixture<ProviderHosts<PostgresStore>>;
}
