using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;
using static AuthService.ApiTests.Recovery.RecoveryCalls;

namespace AuthService.ApiTests.Recovery;

/// <summary>The "it wasn't me" link in one mail removes everything that a stranger gained since that mail, even what no mail reported.</summary>
public abstract class NotMeReachTests(Mailing mailing)
{
    private readonly AuthHost _host = mailing.Host;
    private readonly Mailbox _mails = mailing.Mails;

    [Fact]
    public async Task A_passkey_goes_with_the_mail_of_the_app_before_it()
    {
        using var strange = new SoftwareAuthenticator();
        var (person, address) = await _host.ReachablePersonAsync();
        var guarded = await _host.GuardedAsync(person);
        await _host.AddPasskeyAsync(await _host.RefreshAsync(guarded.Session.RefreshToken), strange);
        var mails = await _mails.WaitForAsync(address, Mailbox.NewFactor, mails: 2);

        await _host.TryUseAsync(NotMe, Mailbox.TokenOf(mails[0])).ExpectAsync(HttpStatusCode.NoContent);

        await _host.TryLoginAsync(strange).ExpectIncorrectAsync();
        Assert.Equal((false, 0), await FactorsAfterResetAsync(person, address));
    }

    [Fact]
    public async Task App_and_passkey_go_with_the_mail_of_the_browser_before_them_and_the_owners_passkey_stays()
    {
        using var own = new SoftwareAuthenticator();
        using var strange = new SoftwareAuthenticator();
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.SignInAtBrowserAsync(person);
        await _host.AddPasskeyAsync((await _host.LoginAsync(person)).AccessToken, own);
        await _host.SignInAtBrowserAsync(person);
        var session = await _host.LoginAsync(own);
        await _host.GuardedAsync(session, person);
        await _host.AddPasskeyAsync(await _host.RefreshAsync(session.RefreshToken), strange);

        await _host.TryUseAsync(NotMe, await _mails.TokenAsync(address, Mailbox.NewDevice)).ExpectAsync(HttpStatusCode.NoContent);

        await _host.TryLoginAsync(strange).ExpectIncorrectAsync();
        await _host.LoginAsync(own);
        Assert.Equal((false, 1), await FactorsAfterResetAsync(person, address));
    }

    [Fact]
    public async Task The_fourth_factor_of_an_hour_is_not_told_of_and_goes_with_the_first()
    {
        using var first = new SoftwareAuthenticator();
        using var second = new SoftwareAuthenticator();
        using var third = new SoftwareAuthenticator();
        var (person, address) = await _host.ReachablePersonAsync();
        var session = await _host.LoginAsync(person);
        foreach (var passkey in new[] { first, second, third })
            await _host.AddPasskeyAsync(await _host.RefreshAsync(session.RefreshToken), passkey);
        await _host.GuardedAsync(session with { AccessToken = await _host.RefreshAsync(session.RefreshToken) }, person);
        var mails = await _mails.WaitForAsync(address, Mailbox.NewFactor, mails: 3);

        await _host.TryUseAsync(NotMe, Mailbox.TokenOf(mails[0])).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal((false, 0), await FactorsAfterResetAsync(person, address));
        Assert.Equal(3, _mails.To(address, Mailbox.NewFactor).Length);
    }

    [Fact]
    public async Task Recovery_codes_that_a_stranger_made_for_the_owners_app_are_void()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        var guarded = await _host.GuardedAsync(person);
        var codes = await _host.RecoveryCodesAsync(guarded);

        await _host.TryUseAsync(NotMe, await _mails.TokenAsync(address, Mailbox.NewFactor, mails: 2)).ExpectAsync(HttpStatusCode.NoContent);

        var owner = guarded with { Person = await _host.ChooseNewPasswordAsync(_mails, person, address) };
        await _host.ExpectWrongAsync(await _host.ChallengeAsync(owner.Person), codes[0]);
        await _host.LoginAsync(owner);
    }

    /// <summary>This link would give the account back to the stranger.</summary>
    [Fact]
    public async Task The_link_of_a_later_mail_to_a_strangers_address_is_void()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        var strange = await TakeOverAsync(person);
        var theirs = await _mails.TokenAsync(strange, Mailbox.NewPassword);

        await _host.TryUseAsync(NotMe, await _mails.TokenAsync(address, Mailbox.NewAddress)).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.TryUseAsync(NotMe, theirs), member: "status"));
        await _host.LoginAsync(await _host.ChooseNewPasswordAsync(_mails, person, address));
    }

    [Fact]
    public async Task A_stranger_does_not_void_the_owners_link_with_a_later_one()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        var strange = await TakeOverAsync(person);

        await _host.TryUseAsync(NotMe, await _mails.TokenAsync(strange, Mailbox.NewPassword)).ExpectAsync(HttpStatusCode.NoContent);

        await _host.TryUseAsync(NotMe, await _mails.TokenAsync(address, Mailbox.NewAddress)).ExpectAsync(HttpStatusCode.NoContent);
        await _host.LoginAsync(await _host.ChooseNewPasswordAsync(_mails, person, address));
    }

    [Fact]
    public async Task Several_links_at_the_same_moment_do_not_wait_for_each_other()
    {
        for (var round = 0; round < 5; round++)
        {
            var (person, address) = await _host.ReachablePersonAsync();
            var session = await _host.LoginAsync(person);
            for (var change = 0; change < 3; change++)
                await _host.TryChangeEmailAsync(session.AccessToken, Mailbox.NewAddressOf("eve")).ExpectAsync(HttpStatusCode.Accepted);
            var tokens = (await _mails.WaitForAsync(address, Mailbox.NewAddress, mails: 3)).Select(Mailbox.TokenOf);

            var statuses = await Task.WhenAll(tokens.Select(async token =>
            {
                using var response = await _host.TryUseAsync(NotMe, token);
                return response.StatusCode;
            }));

            Assert.Contains(HttpStatusCode.NoContent, statuses);
            Assert.All(statuses, status => Assert.True(status is HttpStatusCode.NoContent or HttpStatusCode.BadRequest, $"{status}"));
        }
    }

    /// <summary>Changes the address of the account and then its password, as a stranger would.</summary>
    /// <returns>The stranger's address.</returns>
    private async Task<string> TakeOverAsync(Person person)
    {
        var (session, strange) = (await _host.LoginAsync(person), Mailbox.NewAddressOf("eve"));
        await _host.TryChangeEmailAsync(session.AccessToken, strange).ExpectAsync(HttpStatusCode.Accepted);
        await _host.TryUseAsync(Confirm, await _mails.TokenAsync(strange, Mailbox.Confirm)).ExpectAsync(HttpStatusCode.NoContent);
        await _host.TryChangePasswordAsync(session.AccessToken, person.Password, NewPassword()).ExpectAsync(HttpStatusCode.NoContent);
        return strange;
    }

    /// <summary>Chooses a new password by mail; returns which second factors the account still has.</summary>
    private async Task<(bool App, int Passkeys)> FactorsAfterResetAsync(Person person, string address)
    {
        var session = await _host.LoginAsync(await _host.ChooseNewPasswordAsync(_mails, person, address));
        var status = await _host.GetAsync(SecondFactorCalls.Status, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        return (status.GetProperty("connected").GetBoolean(), status.GetProperty("passkeys").GetInt32());
    }

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : NotMeReachTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : NotMeReachTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
