using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>A removed account at a provider is not linked again by its e-mail address, because it may belong to a stranger.</summary>
public abstract class RemovedIdentityTests(Mailing mailing) : IAsyncLifetime
{
    private const string Path = "/account/identities";

    private PlainProvider _provider = null!;
    private AuthHost _host = null!;
    private Person _person = null!;
    private string _address = "";

    public async Task InitializeAsync()
    {
        var hosts = await mailing.ProvidersAsync();
        _host = await hosts.TwinAsync(mailing.Settings.With(hosts.Provider.SettingsFor("Example Corp")).With(
            new() { ["IdentityProviders:0:LinkByVerifiedEmail"] = "true" }));
        (_person, _address) = await _host.ReachablePersonAsync();
        await _host.Database.ExecuteAsync($"UPDATE principals SET email_verified_at = 1 WHERE id = '{_person.Id}'");
        _provider = hosts.Reset(new() { ["sub"] = NewName("sub"), ["email"] = _address, ["email_verified"] = true });
        Assert.Equal(_person.Id, await SignInAsync());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task By_an_administrator()
    {
        var path = $"/admin/principals/{_person.Id}/identities";
        var link = (await _host.GetAsync(path, await _host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK))[0].Text("id");

        await _host.DeleteAsync($"{path}/{link}", await _host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);

        await ExpectRefusedAsync();
    }

    [Fact]
    public async Task By_the_person()
    {
        await RemoveOwnAsync();

        await ExpectRefusedAsync();
    }

    [Fact]
    public async Task By_it_was_not_me()
    {
        var token = await mailing.Mails.TokenAsync(_address, "New way to sign in");

        await _host.TryUseAsync(RecoveryCalls.NotMe, token).ExpectAsync(HttpStatusCode.NoContent);

        await ExpectRefusedAsync();
    }

    [Fact]
    public async Task Another_account_with_the_address_is_another_one()
    {
        await RemoveOwnAsync();
        _provider.Claims["sub"] = NewName("sub");

        Assert.Equal(_person.Id, await SignInAsync());
    }

    [Fact]
    public async Task Who_adds_it_on_the_account_page_signs_in_with_it_and_may_remove_it_again()
    {
        await RemoveOwnAsync();

        using var added = await new ProviderBrowser(_host).LinkAsync((await _host.LoginAsync(_person)).AccessToken);

        Assert.Equal("/account#identity-linked", $"{added.Headers.Location}");
        Assert.Equal(_person.Id, await SignInAsync());
        Assert.Equal(0, await _host.Database.CountAsync(
            $"removed_identities WHERE principal_number = (SELECT number FROM principals WHERE id = '{_person.Id}')"));
        await RemoveOwnAsync();
        await ExpectRefusedAsync();
    }

    private async Task RemoveOwnAsync()
    {
        var session = await _host.LoginAsync(_person);
        var own = await _host.GetAsync(Path, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await _host.DeleteAsync($"{Path}/{own.GetProperty("identities")[0].Text("id")}", session.AccessToken).ExpectAsync(HttpStatusCode.NoContent);
    }

    private async Task<string> SignInAsync()
    {
        var browser = new ProviderBrowser(_host);
        using var response = await browser.SignInAsync();
        await response.ExpectPageAsync(HttpStatusCode.OK);
        return Requests.ClaimsOf(browser.AuthState().Text("accessToken")).Text("sub");
    }

    private async Task ExpectRefusedAsync()
    {
        await (await new ProviderBrowser(_host).SignInAsync()).ExpectProblemAsync(HttpStatusCode.Forbidden, "has the e-mail address");
        var own = await _host.GetAsync($"/admin/principals/{_person.Id}/identities", await _host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal("[]", own.GetRawText());
    }

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : RemovedIdentityTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : RemovedIdentityTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
