using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;
using static AuthService.ApiTests.Recovery.RecoveryCalls;

namespace AuthService.ApiTests.Recovery;

/// <summary>When the link that confirms a new address becomes void with sessions, and when it outlives them.</summary>
public abstract class RevokedAddressChangeTests(Mailing mailing)
{
    private readonly AuthHost _host = mailing.Host;
    private readonly Mailbox _mails = mailing.Mails;

    [Theory]
    [InlineData("everywhere")]
    [InlineData("others")]
    [InlineData("one")]
    [InlineData("administrator")]
    [InlineData("password")]
    public async Task The_link_goes_with_the_session_that_asked_for_it_when_that_is_revoked(string how)
    {
        var (person, _) = await _host.ReachablePersonAsync();
        var (stranger, owner, next) = (await _host.LoginAsync(person), await _host.LoginAsync(person), Mailbox.NewAddressOf("eve"));
        var (admin, ofAdmin) = (await _host.AdminTokenAsync(), $"{Administration.PathOf(person.Id)}/sessions/{stranger.SessionId}");
        await _host.TryChangeEmailAsync(stranger.AccessToken, next).ExpectAsync(HttpStatusCode.Accepted);
        var token = await _mails.TokenAsync(next, Mailbox.Confirm);

        await (how switch
        {
            "everywhere" => _host.DeleteAsync($"{AccountCalls.Sessions}/all", owner.AccessToken).ExpectAsync(HttpStatusCode.OK),
            "others" => _host.DeleteAsync(AccountCalls.Sessions, owner.AccessToken).ExpectAsync(HttpStatusCode.OK),
            "one" => _host.DeleteAsync($"{AccountCalls.Sessions}/{stranger.SessionId}", owner.AccessToken).ExpectAsync(HttpStatusCode.OK),
            "administrator" => _host.DeleteAsync(ofAdmin, admin).ExpectAsync(HttpStatusCode.NoContent),
            _ => _host.TryChangePasswordAsync(owner.AccessToken, person.Password, NewPassword()).ExpectAsync(HttpStatusCode.NoContent),
        });

        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.TryUseAsync(Confirm, token), member: "status"));
    }

    [Theory]
    [InlineData("everywhere")]
    [InlineData("others")]
    [InlineData("own")]
    [InlineData("administrator")]
    [InlineData("everybody")]
    public async Task The_link_of_a_session_that_signed_out_goes_with_all_sessions(string how)
    {
        var (person, _) = await _host.ReachablePersonAsync();
        var (stranger, owner, next) = (await _host.LoginAsync(person), await _host.LoginAsync(person), Mailbox.NewAddressOf("eve"));
        await _host.TryChangeEmailAsync(stranger.AccessToken, next).ExpectAsync(HttpStatusCode.Accepted);
        var token = await _mails.TokenAsync(next, Mailbox.Confirm);
        await _host.PostAsync("/auth/logout", stranger.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await (how switch
        {
            "everywhere" => _host.DeleteAsync($"{AccountCalls.Sessions}/all", owner.AccessToken).ExpectAsync(HttpStatusCode.OK),
            "others" => _host.DeleteAsync(AccountCalls.Sessions, owner.AccessToken).ExpectAsync(HttpStatusCode.OK),
            "own" => _host.DeleteAsync("/auth/sessions", owner.AccessToken).ExpectAsync(HttpStatusCode.NoContent),
            "administrator" => _host.DeleteAsync($"{Administration.PathOf(person.Id)}/sessions", await _host.AdminTokenAsync())
                .ExpectAsync(HttpStatusCode.OK),
            _ => _host.DeleteAsync("/sessions", await _host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent),
        });

        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.TryUseAsync(Confirm, token), member: "status"));
    }

    [Fact]
    public async Task The_link_of_a_session_that_revokes_the_others_stays()
    {
        var (person, _) = await _host.ReachablePersonAsync();
        var (session, next) = (await _host.LoginAsync(person), Mailbox.NewAddressOf("next"));
        await _host.TryChangeEmailAsync(session.AccessToken, next).ExpectAsync(HttpStatusCode.Accepted);

        await _host.DeleteAsync(AccountCalls.Sessions, session.AccessToken).ExpectAsync(HttpStatusCode.OK);

        await _host.TryUseAsync(Confirm, await _mails.TokenAsync(next, Mailbox.Confirm)).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_link_outlives_the_sign_out_of_whoever_asked_for_it_and_the_end_of_another_session()
    {
        var (person, _) = await _host.ReachablePersonAsync();
        var (session, other, next) = (await _host.LoginAsync(person), await _host.LoginAsync(person), Mailbox.NewAddressOf("later"));
        await _host.TryChangeEmailAsync(session.AccessToken, next).ExpectAsync(HttpStatusCode.Accepted);
        await _host.DeleteAsync($"{AccountCalls.Sessions}/{other.SessionId}", session.AccessToken).ExpectAsync(HttpStatusCode.OK);

        await _host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await _host.TryUseAsync(Confirm, await _mails.TokenAsync(next, Mailbox.Confirm)).ExpectAsync(HttpStatusCode.NoContent);
    }

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : RevokedAddressChangeTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : RevokedAddressChangeTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
