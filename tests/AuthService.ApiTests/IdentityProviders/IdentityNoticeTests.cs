using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>People get a mail when an account at a provider is linked, and can undo a link that they did not make.</summary>
public abstract class IdentityNoticeTests(Mailing mailing) : IAsyncLifetime
{
    private const string Added = "New way to sign in";
    private const string Removed = "A way to sign in";

    private PlainProvider _provider = null!;
    private AuthHost _host = null!;

    public async Task InitializeAsync()
    {
        var hosts = await mailing.ProvidersAsync();
        _provider = hosts.Reset(new() { ["sub"] = NewName("sub") });
        _host = await hosts.TwinAsync(mailing.Settings.With(_provider.SettingsFor("Example Corp", createPersons: false)));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_account_that_a_stranger_added_is_removed_with_the_link_of_its_notice()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        var session = await _host.LoginAsync(person);
        (await new ProviderBrowser(_host).LinkAsync(session.AccessToken)).Dispose();

        var token = await mailing.Mails.TokenAsync(address, Added);
        await _host.TryUseAsync(RecoveryCalls.NotMe, token).ExpectAsync(HttpStatusCode.NoContent);

        await (await new ProviderBrowser(_host).SignInAsync()).ExpectProblemAsync(HttpStatusCode.Forbidden, "Nobody here belongs to this sign-in");
        await _host.TryRefreshAsync(session.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
    }

    /// <summary>The account was linked by its e-mail address, without a session here. Only the mail tells the person.</summary>
    [Fact]
    public async Task An_account_that_the_address_has_linked_is_told_and_taken_back()
    {
        await using var linking = await mailing.Host.StartTwinAsync(mailing.Settings.With(_provider.SettingsFor("Example Corp")).With(
            new() { ["IdentityProviders:0:LinkByVerifiedEmail"] = "true" }));
        var (person, address) = await linking.ReachablePersonAsync();
        await linking.Database.ExecuteAsync($"UPDATE principals SET email_verified_at = 1 WHERE id = '{person.Id}'");
        _provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["email"] = address, ["email_verified"] = true };
        var browser = new ProviderBrowser(linking);
        (await browser.SignInAsync()).Dispose();
        Assert.Equal(person.Id, Requests.ClaimsOf(browser.AuthState().Text("accessToken")).Text("sub"));

        var token = await mailing.Mails.TokenAsync(address, Added);
        await linking.TryUseAsync(RecoveryCalls.NotMe, token).ExpectAsync(HttpStatusCode.NoContent);

        var own = await linking.GetAsync($"/admin/principals/{person.Id}/identities", await linking.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal("[]", own.GetRawText());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_account_with_which_a_stranger_signed_in_is_removed_with_the_link_of_that_notice(bool withSecondFactor)
    {
        using var frozen = _host.Clock.Freeze(); // on a busy machine the code could expire before it is used
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.SignInAtBrowserAsync(person);
        var session = await _host.LoginAsync(person);
        (await new ProviderBrowser(_host).LinkAsync(session.AccessToken)).Dispose();
        var guarded = withSecondFactor ? await _host.GuardedAsync(session, person) : null;
        _host.Clock.Advance(TimeSpan.FromSeconds(1)); // everything above is older than the mail about the sign-in
        var stranger = new ProviderBrowser(_host);
        (await stranger.SignInAsync()).Dispose();
        if (guarded is not null)
            await _host.TryAnswerAsync(stranger.AuthState().Text("2fa"), _host.NextCode(guarded)).ExpectAsync(HttpStatusCode.OK);

        var token = await mailing.Mails.TokenAsync(address, Mailbox.NewDevice);
        await _host.TryUseAsync(RecoveryCalls.NotMe, token).ExpectAsync(HttpStatusCode.NoContent);

        await (await new ProviderBrowser(_host).SignInAsync()).ExpectProblemAsync(HttpStatusCode.Forbidden, "Nobody here belongs to this sign-in");
    }

    [Fact]
    public async Task A_removed_account_is_told()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        var session = await _host.LoginAsync(person);
        (await new ProviderBrowser(_host).LinkAsync(session.AccessToken)).Dispose();
        var own = await _host.GetAsync("/account/identities", session.AccessToken).ExpectAsync(HttpStatusCode.OK);

        await _host.DeleteAsync($"/account/identities/{own.GetProperty("identities")[0].Text("id")}", session.AccessToken)
            .ExpectAsync(HttpStatusCode.NoContent);

        var mail = Assert.Single(await mailing.Mails.WaitForAsync(address, Removed));
        Assert.Contains("The account at Example Corp was removed", mail.TextBody, StringComparison.Ordinal);
    }

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : IdentityNoticeTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : IdentityNoticeTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
