using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>People add and remove the accounts at identity providers that they sign in with.</summary>
public abstract class IdentityLinkTests(AuthHost host, ProviderHosts hosts) : IAsyncLifetime
{
    private const string Path = "/account/identities";

    private readonly string _subject = NewName("sub");
    private PlainProvider _provider = null!;
    private AuthHost _twin = null!;

    public async Task InitializeAsync()
    {
        _provider = hosts.Reset(new() { ["sub"] = _subject, ["email"] = "ada@id.example.com" });
        _twin = await hosts.TwinAsync(_provider.SettingsFor("Example Corp", createPersons: false));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_account_that_is_added_signs_its_person_in_until_it_is_removed()
    {
        var person = await _twin.CreatePersonAsync();
        var session = await _twin.LoginAsync(person);

        using var added = await new ProviderBrowser(_twin).LinkAsync(session.AccessToken);

        Assert.Equal((HttpStatusCode.Found, "/account#identity-linked"), (added.StatusCode, $"{added.Headers.Location}"));
        var cookies = added.Headers.TryGetValues("Set-Cookie", out var set) ? set : [];
        Assert.DoesNotContain(cookies, cookie => cookie.StartsWith("refreshToken", StringComparison.Ordinal));
        var link = Assert.Single((await ListAsync(session)).GetProperty("identities").EnumerateArray());
        Assert.Equal(("Example Corp", "ada@id.example.com"), (link.Text("provider"), link.Text("name")));
        Assert.Equal(JsonValueKind.Null, link.GetProperty("lastUsedAt").ValueKind);
        var browser = new ProviderBrowser(_twin);
        (await browser.SignInAsync()).Dispose();
        Assert.Equal(person.Id, Requests.ClaimsOf(browser.AuthState().Text("accessToken")).Text("sub"));
        link = Assert.Single((await ListAsync(session)).GetProperty("identities").EnumerateArray());
        Assert.True(link.GetProperty("lastUsedAt").GetInt64() >= link.GetProperty("createdAt").GetInt64());

        await _twin.DeleteAsync($"{Path}/{link.Text("id")}", session.AccessToken).ExpectAsync(HttpStatusCode.NoContent);

        await (await new ProviderBrowser(_twin).SignInAsync()).ExpectProblemAsync(HttpStatusCode.Forbidden, "Nobody here belongs to this sign-in");
        Assert.Empty((await ListAsync(session)).GetProperty("identities").EnumerateArray());
        await RefusedAsync(session, link.Text("id"), HttpStatusCode.NotFound, "IDENTITY_NOT_FOUND");
        var entries = await _twin.AuditAsync(await _twin.AdminTokenAsync(), $"?principal={person.Id}");
        Assert.Equal(
            [("identity_linked", $"Example Corp {_subject}"), ("identity_unlinked", $"Example Corp {_subject}")],
            entries.Where(entry => entry.Text("event").StartsWith("identity", StringComparison.Ordinal)).Reverse()
                .Select(entry => (entry.Text("event"), entry.Text("detail"))));
    }

    [Fact]
    public async Task The_providers_at_which_one_can_be_added_are_listed()
    {
        var session = await _twin.SignedInPersonAsync();

        Assert.Equal("""{"identities":[],"providers":[{"id":1,"title":"Example Corp"}]}""", (await ListAsync(session)).GetRawText());
        foreach (var wrong in new object[] { new { provider = 2 }, new { provider = 0 }, new { } })
            await _twin.PostAsync($"{Path}/start", session.AccessToken, wrong).RefusalAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Of_many_people_who_add_one_account_at_once_one_has_it()
    {
        var other = await hosts.TwinAsync(_provider.SettingsFor("Example Corp"));
        var begun = new List<(ProviderBrowser Browser, Uri Callback)>();
        for (var i = 0; i < 10; i++)
        {
            var browser = new ProviderBrowser(i % 2 is 0 ? _twin : other, i % 3 is 0 ? _twin : other);
            begun.Add((browser, await ProviderBrowser.AuthorizeAsync(await browser.StartLinkAsync((await _twin.SignedInPersonAsync()).AccessToken))));
        }

        var answers = await Task.WhenAll(begun.Select(one => one.Browser.ComeBackAsync(one.Callback)));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode is HttpStatusCode.Found));
        Assert.Equal(9, answers.Count(answer => answer.StatusCode is HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Somebody_elses_account_stays_theirs_and_ones_own_may_be_added_again()
    {
        var (first, second) = (await _twin.SignedInPersonAsync(), await _twin.SignedInPersonAsync());
        (await new ProviderBrowser(_twin).LinkAsync(first.AccessToken)).Dispose();

        using var taken = await new ProviderBrowser(_twin).LinkAsync(second.AccessToken);
        using var again = await new ProviderBrowser(_twin).LinkAsync(first.AccessToken);

        Assert.Contains("Somebody else here signs in with this account", await taken.ExpectPageAsync(HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Equal("/account#identity-linked", $"{again.Headers.Location}");
        Assert.Empty((await ListAsync(second)).GetProperty("identities").EnumerateArray());
        var link = Assert.Single((await ListAsync(first)).GetProperty("identities").EnumerateArray());
        await RefusedAsync(second, link.Text("id"), HttpStatusCode.NotFound, "IDENTITY_NOT_FOUND");
    }

    [Fact]
    public async Task What_another_browser_or_session_began_adds_nothing()
    {
        var person = await _twin.CreatePersonAsync();
        var session = await _twin.LoginAsync(person);
        var browser = new ProviderBrowser(_twin);
        var callback = await ProviderBrowser.AuthorizeAsync(await browser.StartLinkAsync(session.AccessToken));
        using var stranger = await new ProviderBrowser(_twin).ComeBackAsync(callback);
        Assert.Contains("was not begun in this browser", await stranger.ExpectPageAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);

        await _twin.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        using var over = await browser.ComeBackAsync(callback);

        Assert.Contains("/account", await over.ExpectPageAsync(HttpStatusCode.Unauthorized), StringComparison.Ordinal);
        Assert.Empty((await ListAsync(await _twin.LoginAsync(person))).GetProperty("identities").EnumerateArray());
    }

    [Fact]
    public async Task Who_declines_or_comes_too_late_adds_nothing()
    {
        var session = await _twin.SignedInPersonAsync();
        var browser = new ProviderBrowser(_twin);
        var callback = await ProviderBrowser.AuthorizeAsync(await browser.StartLinkAsync(session.AccessToken));
        var declined = new Uri(callback.AbsoluteUri.Replace("code=", "error=access_denied&unused=", StringComparison.Ordinal));
        using (var answer = await browser.ComeBackAsync(declined))
            Assert.Contains("Nothing was added", await answer.ExpectPageAsync(HttpStatusCode.Forbidden), StringComparison.Ordinal);

        callback = await ProviderBrowser.AuthorizeAsync(await browser.StartLinkAsync(session.AccessToken));
        using var frozen = _twin.Clock.Freeze();
        _twin.Clock.Advance(TimeSpan.FromMinutes(10));
        using var late = await browser.ComeBackAsync(callback);

        Assert.Equal((HttpStatusCode.Found, "/account"), (late.StatusCode, $"{late.Headers.Location}"));
        Assert.Empty((await ListAsync(await RefreshedAsync(session))).GetProperty("identities").EnumerateArray());
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_told()
    {
        var provider = await hosts.StartProviderAsync();
        await using var silent = await _twin.StartTwinAsync(provider.SettingsFor("Example Corp"));
        provider.AnswerMetadata = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        var session = await silent.SignedInPersonAsync();

        var refusal = await silent.PostAsync($"{Path}/start", session.AccessToken, new { provider = 1 }).RefusalAsync(HttpStatusCode.BadRequest);

        Assert.Equal("PROVIDER_UNREACHABLE", refusal.Code);
    }

    [Fact]
    public async Task The_last_way_to_sign_in_stays()
    {
        await using var second = await PlainProvider.StartAsync(host.Clock);
        second.Claims = new JsonObject { ["sub"] = _subject };
        await using var both = await _twin.StartTwinAsync(_provider.SettingsFor("Example Corp").With(second.SettingsFor("University", index: 1)));
        var session = await both.SignInAsync(_provider, _subject, session: null);
        var only = (await ListAsync(session)).GetProperty("identities")[0].Text("id");
        await RefusedAsync(session, only, HttpStatusCode.Conflict, "LAST_WAY_TO_SIGN_IN");

        (await new ProviderBrowser(both).LinkAsync(session.AccessToken, id: 2)).Dispose();
        await RefusedAsync(session, only, HttpStatusCode.Conflict, "LAST_WAY_TO_SIGN_IN"); // this instance has no settings for the other provider
        string[] ids = [.. (await ListAsync(session)).GetProperty("identities").EnumerateArray().Select(link => link.Text("id"))];
        var answers = await Task.WhenAll(ids.Select(id => both.DeleteAsync($"{Path}/{id}", session.AccessToken)));
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());

        using var authenticator = new SoftwareAuthenticator();
        await both.AddPasskeyAsync(session.AccessToken, authenticator);
        var left = (await ListAsync(session)).GetProperty("identities")[0].Text("id");
        await both.DeleteAsync($"{Path}/{left}", session.AccessToken).ExpectAsync(HttpStatusCode.NoContent);
        Assert.Empty((await ListAsync(session)).GetProperty("identities").EnumerateArray());
    }

    [Fact]
    public async Task The_last_passkey_stays_where_there_is_nothing_else()
    {
        var open = await hosts.TwinAsync(_provider.SettingsFor("Example Corp"));
        var session = await open.SignInAsync(_provider, _subject, session: null);
        var identity = (await ListAsync(session)).GetProperty("identities")[0].Text("id");
        List<string> ways = [$"{Path}/{identity}"];
        using var first = new SoftwareAuthenticator();
        using var second = new SoftwareAuthenticator();
        foreach (var authenticator in new[] { first, second })
            ways.Add($"/account/passkeys/{(await open.AddPasskeyAsync(session.AccessToken, authenticator)).Text("id")}");

        var answers = await Task.WhenAll(ways.Select(way => open.DeleteAsync(way, session.AccessToken)));

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        Assert.Single([.. (await ListAsync(session)).GetProperty("identities").EnumerateArray(), .. await open.PasskeysAsync(session.AccessToken)]);
    }

    [Fact]
    public async Task Adding_and_removing_ask_for_a_fresh_proof()
    {
        await using var strict = await _twin.StartTwinAsync(_provider.SettingsFor("Example Corp").With(new() { ["Sessions:FreshFor"] = "00:01:00" }));
        var session = await strict.SignedInPersonAsync();
        using var frozen = strict.Clock.Freeze();
        strict.Clock.Advance(TimeSpan.FromMinutes(2));

        foreach (var call in new[]
        {
            strict.PostAsync($"{Path}/start", session.AccessToken, new { provider = 1 }), strict.DeleteAsync($"{Path}/{Guid.NewGuid()}", session.AccessToken),
        })
        {
            using var answer = await call;
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("insufficient_user_authentication", $"{answer.Headers.WwwAuthenticate}", StringComparison.Ordinal);
        }
    }

    private Task<JsonElement> ListAsync(SignedIn session) => _twin.GetAsync(Path, session.AccessToken).ExpectAsync(HttpStatusCode.OK);

    private async Task<SignedIn> RefreshedAsync(SignedIn session) => session with { AccessToken = await _twin.RefreshAsync(session.RefreshToken) };

    private async Task RefusedAsync(SignedIn session, string id, HttpStatusCode status, string code) =>
        Assert.Equal(code, (await _twin.DeleteAsync($"{Path}/{id}", session.AccessToken).RefusalAsync(status)).Code);

    [Collection("sqlite")]
    public sealed class OnSqlite(ProviderHosts<SqliteStore> hosts) : IdentityLinkTests(hosts.Host, hosts), IClassFixture<ProviderHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ProviderHosts<PostgresStore> hosts) : IdentityLinkTests(hosts.Host, hosts), IClassFixture<ProviderHosts<PostgresStore>>;
}
