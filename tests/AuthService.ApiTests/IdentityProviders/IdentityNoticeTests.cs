using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>People hear by mail with which accounts they can sign in, and take back what was not theirs.</summary>
public abstract class IdentityNoticeTests(Mailing mailing) : IAsyncLifetime
{
    private const string Added = "New way to sign in";
    private const string Removed = "A way to sign in";

    private PlainProvider _provider = null!;
    private AuthHost _host = null!;

    public async Task InitializeAsync()
    {
        _provider = await PlainProvider.StartAsync(mailing.Host.Clock);
        _provider.Claims = new JsonObject { ["sub"] = NewName("sub") };
        _host = await mailing.Host.StartTwinAsync(mailing.Settings.With(_provider.SettingsFor("Example Corp", createPersons: false)));
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _provider.DisposeAsync();
    }

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
