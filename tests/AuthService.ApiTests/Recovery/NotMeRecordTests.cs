using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.IdentityProviders;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Signals;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;
using static AuthService.ApiTests.Recovery.RecoveryCalls;
using static AuthService.ApiTests.Signals.SignalCalls;

namespace AuthService.ApiTests.Recovery;

/// <summary>The audit log and the signal receivers learn what "it wasn't me" removed, as they do for any other removal.</summary>
public abstract class NotMeRecordTests(Mailing mailing) : IAsyncLifetime
{
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
    public async Task Each_removed_way_in_has_its_entry_and_is_told()
    {
        using var strange = new SoftwareAuthenticator();
        var subscriber = await _host.SubscribeAsync();
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.SignInAtBrowserAsync(person);
        await _host.SignInAtBrowserAsync(person);
        var token = await mailing.Mails.TokenAsync(address, Mailbox.NewDevice);
        var session = await _host.LoginAsync(person);
        (await new ProviderBrowser(_host).LinkAsync(session.AccessToken)).Dispose();
        await _host.AddPasskeyAsync(session.AccessToken, strange);
        await _host.GuardedAsync(session with { AccessToken = await _host.RefreshAsync(session.RefreshToken) }, person);
        var passkey = (await _host.AuditAsync(await _host.AdminTokenAsync(), $"?principal={person.Id}&event=passkey_added"))[0].Text("detail");

        await _host.TryUseAsync(NotMe, token).ExpectAsync(HttpStatusCode.NoContent);

        var entries = (await _host.AuditAsync(await _host.AdminTokenAsync(), $"?principal={person.Id}"))
            .Where(entry => entry.Text("event") is "passkey_removed" or "identity_unlinked" or "second_factor_removed")
            .Select(entry => $"{entry.Text("event")} {entry.Text("detail")} by {entry.Text("actor")}");
        Assert.Equal(
            [$"identity_unlinked Example Corp {_provider.Claims["sub"]} by {person.Id}", $"passkey_removed {passkey} by {person.Id}",
                $"second_factor_removed app by {person.Id}"],
            entries.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        await subscriber.ExpectAsync(SessionRevoked, person.Id);
        await Eventually.TrueAsync(
            async () => (await TellAsync(subscriber, person)).Length >= 4, () => "not all of it is told");
        Assert.Equal(
            ["app delete", "passkey delete", "password revoke", "recovery-codes revoke"], await TellAsync(subscriber, person), StringComparer.Ordinal);
        var ended = Assert.Single(await subscriber.PeekAsync(), claims => EventOf(claims) == SessionRevoked && UserOf(claims) == person.Id);
        Assert.Equal("not_me_reported", ContentOf(ended).GetProperty("reason_admin").Text("en"));
    }

    [Fact]
    public async Task Where_nothing_is_removed_nothing_is_on_record()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.TryChangePasswordAsync((await _host.LoginAsync(person)).AccessToken, person.Password, NewPassword()).ExpectAsync(HttpStatusCode.NoContent);

        await _host.TryUseAsync(NotMe, await mailing.Mails.TokenAsync(address, Mailbox.NewPassword)).ExpectAsync(HttpStatusCode.NoContent);

        var entries = (await _host.AuditAsync(await _host.AdminTokenAsync(), $"?principal={person.Id}")).Select(entry => entry.Text("event"));
        Assert.Equal("not_me_reported", entries.First());
        Assert.DoesNotContain(entries, name => name.EndsWith("_removed", StringComparison.Ordinal) || name is "identity_unlinked");
    }

    /// <summary>Lists the received events about deleted and revoked credentials of the person.</summary>
    private static async Task<string[]> TellAsync(Subscriber subscriber, Person person) =>
    [
        .. (await subscriber.PeekAsync()).Where(claims => EventOf(claims) == CredentialChange && UserOf(claims) == person.Id)
            .Select(claims => $"{ContentOf(claims).Text("credential_type")} {ContentOf(claims).Text("change_type")}")
            .Where(change => !change.EndsWith(" create", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : NotMeRecordTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : NotMeRecordTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
