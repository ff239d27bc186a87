using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>Administrators list and remove the accounts at identity providers that persons sign in with.</summary>
public abstract class IdentityAdministrationTests(AuthHost host, ProviderHosts hosts) : IAsyncLifetime
{
    private readonly string _subject = NewName("sub");
    private PlainProvider _provider = null!;
    private AuthHost _twin = null!;

    public async Task InitializeAsync()
    {
        _provider = hosts.Reset();
        _twin = await hosts.TwinAsync(_provider.SettingsFor("Example Corp"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_account_that_an_administrator_removes_signs_nobody_in_and_its_sessions_end()
    {
        var person = await _twin.CreatePersonAsync();
        var own = await _twin.LoginAsync(person);
        _provider.Claims = new JsonObject { ["sub"] = _subject };
        (await new ProviderBrowser(_twin).LinkAsync(own.AccessToken)).Dispose();
        var session = await _twin.SignInAsync(_provider, _subject, "s1");
        var path = $"/admin/principals/{person.Id}/identities";
        var link = Assert.Single((await AsAdminAsync(HttpMethod.Get, path).ExpectAsync(HttpStatusCode.OK)).EnumerateArray());
        Assert.Equal(("Example Corp", _provider.Issuer, _subject), (link.Text("provider"), link.Text("issuer"), link.Text("subject")));

        using var removal = await AsAdminAsync(HttpMethod.Delete, $"{path}/{link.Text("id")}");

        await removal.ExpectAsync(HttpStatusCode.NoContent);
        Assert.True(removal.Headers.Contains("Revocation-Receipt"));
        Assert.False(await _twin.IsActiveAsync(session));
        Assert.True(await _twin.IsActiveAsync(own));
        Assert.Equal("REVOKED_BY_ADMIN", (await _twin.TryWebRefreshAsync(session).ExpectAsync(HttpStatusCode.Unauthorized)).Text("errorCode"));
        var entries = await _twin.AuditAsync(await _twin.AdminTokenAsync(), $"?principal={person.Id}");
        Assert.Contains(entries, entry => (entry.Text("event"), entry.Text("actor")) == ("identity_unlinked", AuthHost.AdminId));
        Assert.Contains(entries, entry => entry.Text("event") is "session_revoked" && entry.Text("sessionId") == session.SessionId);
        Assert.Equal("UNKNOWN_IDENTITY", (await AsAdminAsync(HttpMethod.Delete, $"{path}/{link.Text("id")}").RefusalAsync(HttpStatusCode.NotFound)).Code);
        var again = Requests.ClaimsOf((await _twin.SignInAsync(_provider, _subject, "s1")).AccessToken).Text("sub");
        Assert.NotEqual(person.Id, again, StringComparer.Ordinal);
    }

    /// <summary>Each provider chooses its own subjects, so one person can have the same subject at two providers, for example a staff number.</summary>
    [Fact]
    public async Task Sessions_of_another_provider_with_the_same_subject_go_on()
    {
        await using var second = await PlainProvider.StartAsync(host.Clock);
        await using var both = await host.StartTwinAsync(_provider.SettingsFor("Example Corp").With(second.SettingsFor("University", index: 1)));
        var session = await both.SignInAsync(_provider, _subject, session: null);
        second.Claims = new JsonObject { ["sub"] = _subject };
        (await new ProviderBrowser(both).LinkAsync(session.AccessToken, id: 2)).Dispose();
        var other = await both.SignInAsync(second, _subject, session: null, id: 2);
        var path = $"/admin/principals/{Requests.ClaimsOf(other.AccessToken).Text("sub")}/identities";
        var links = (await both.GetAsync(path, await both.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.OK)).EnumerateArray();
        var link = links.Single(one => one.Text("provider") is "Example Corp");

        await both.DeleteAsync($"{path}/{link.Text("id")}", await both.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);

        Assert.False(await both.IsActiveAsync(session));
        Assert.True(await both.IsActiveAsync(other));
    }

    [Fact]
    public async Task A_sign_in_that_was_begun_with_it_does_not_go_on()
    {
        var session = await _twin.SignInAsync(_provider, _subject, "s1");
        var person = Requests.ClaimsOf(session.AccessToken).Text("sub");
        var guarded = await _twin.GuardedAsync(session, new Person(person, "", ""));
        var owed = new ProviderBrowser(_twin);
        (await owed.SignInAsync()).Dispose();
        var link = (await AsAdminAsync(HttpMethod.Get, $"/admin/principals/{person}/identities").ExpectAsync(HttpStatusCode.OK))[0];

        await AsAdminAsync(HttpMethod.Delete, $"/admin/principals/{person}/identities/{link.Text("id")}").ExpectAsync(HttpStatusCode.NoContent);

        using var frozen = _twin.Clock.Freeze();
        await _twin.TryAnswerAsync(owed.AuthState().Text("2fa"), _twin.NextCode(guarded)).ExpectAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task That_of_a_deleted_person_is_free_once_it_is_removed()
    {
        await using var alone = await StartAloneAsync();
        var person = Requests.ClaimsOf((await _twin.SignInAsync(_provider, _subject, "s1")).AccessToken).Text("sub");
        await AsAdminAsync(HttpMethod.Delete, $"/admin/principals/{person}").ExpectAsync(HttpStatusCode.NoContent);
        var provider = (await AsAdminAsync(HttpMethod.Get, "/admin/identity-providers").ExpectAsync(HttpStatusCode.OK))[0];
        Assert.Equal(0, provider.GetProperty("people").GetInt32());

        var path = $"/admin/principals/{person}/identities";
        var link = (await AsAdminAsync(HttpMethod.Get, path).ExpectAsync(HttpStatusCode.OK))[0];
        await AsAdminAsync(HttpMethod.Delete, $"{path}/{link.Text("id")}").ExpectAsync(HttpStatusCode.NoContent);

        var again = Requests.ClaimsOf((await _twin.SignInAsync(_provider, _subject, "s2")).AccessToken).Text("sub");
        Assert.NotEqual(person, again, StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_providers_are_listed_with_their_people()
    {
        await using var alone = await StartAloneAsync();
        await _twin.SignInAsync(_provider, NewName("sub"), session: null);
        await _twin.SignInAsync(_provider, NewName("sub"), session: null);

        var listed = await AsAdminAsync(HttpMethod.Get, "/admin/identity-providers").ExpectAsync(HttpStatusCode.OK);

        Assert.Equal($$"""[{"id":1,"title":"Example Corp","authority":"{{_provider.Issuer}}","people":2}]""", listed.GetRawText());
        var none = await host.GetAsync("/admin/identity-providers", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal("[]", none.GetRawText());
    }

    [Fact]
    public async Task Only_people_have_accounts_there()
    {
        var service = await _twin.CreateServiceAsync();
        foreach (var id in new[] { service.Id, NewName("nobody") })
        {
            await AsAdminAsync(HttpMethod.Get, $"/admin/principals/{id}/identities").RefusalAsync(HttpStatusCode.NotFound);
            await AsAdminAsync(HttpMethod.Delete, $"/admin/principals/{id}/identities/{Guid.NewGuid()}").RefusalAsync(HttpStatusCode.NotFound);
        }

        var person = await _twin.CreatePersonAsync();
        Assert.Equal("[]", (await AsAdminAsync(HttpMethod.Get, $"/admin/principals/{person.Id}/identities").ExpectAsync(HttpStatusCode.OK)).GetRawText());
    }

    /// <summary>Uses another provider, with whose accounts nobody has signed in, and an instance that trusts it.</summary>
    private async Task<AuthHost> StartAloneAsync()
    {
        _provider = await hosts.StartProviderAsync();
        return _twin = await host.StartTwinAsync(_provider.SettingsFor("Example Corp"));
    }

    private async Task<HttpResponseMessage> AsAdminAsync(HttpMethod method, string path) => await _twin.SendAsync(method, path, await _twin.AdminTokenAsync());

    [Collection("sqlite")]
    public sealed class OnSqlite(ProviderHosts<SqliteStore> hosts) : IdentityAdministrationTests(hosts.Host, hosts), IClassFixture<ProviderHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ProviderHosts<PostgresStore> hosts)
        : IdentityAdministrationTests(hosts.Host, hosts), IClassFixture<ProviderHosts<PostgresStore>>;
}
