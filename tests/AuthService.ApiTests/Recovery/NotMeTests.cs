using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;
using static AuthService.ApiTests.Recovery.RecoveryCalls;

namespace AuthService.ApiTests.Recovery;

/// <summary>People get a mail about every change of their account, and can undo changes that they did not make.</summary>
public abstract class NotMeTests(Mailing mailing)
{
    private readonly AuthHost _host = mailing.Host;
    private readonly Mailbox _mails = mailing.Mails;

    [Fact]
    public async Task A_strangers_new_password_is_void_and_the_owner_chooses_another_by_mail()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        var stranger = NewPassword();
        await _host.TryChangePasswordAsync((await _host.LoginAsync(person)).AccessToken, person.Password, stranger).ExpectAsync(HttpStatusCode.NoContent);
        var session = await _host.LoginAsync(person.Id, stranger);

        await _host.TryUseAsync(NotMe, await _mails.TokenAsync(address, Mailbox.NewPassword)).ExpectAsync(HttpStatusCode.NoContent);

        await _host.ExpectEndedAsync(session);
        await _host.TryLoginAsync(person.Id, stranger).ExpectAsync(HttpStatusCode.Unauthorized);
        await _host.RequestResetAsync(address);
        var chosen = NewPassword();
        await _host.Http.TryResetAsync(await _mails.TokenAsync(address, Mailbox.Reset), chosen).ExpectAsync(HttpStatusCode.OK);
        await _host.LoginAsync(person.Id, chosen);
        var events = await _host.AuditAsync(await _host.AdminTokenAsync(), $"?principal={person.Id}");
        Assert.Contains(events, entry => entry.Text("event") is "not_me_reported");
    }

    [Fact]
    public async Task An_app_that_a_stranger_connected_is_removed()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.GuardedAsync(person);

        await _host.TryUseAsync(NotMe, await _mails.TokenAsync(address, Mailbox.NewFactor)).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal((false, 0), await FactorsAfterResetAsync(person, address));
    }

    [Fact]
    public async Task A_passkey_that_a_stranger_made_is_removed_and_the_owners_stays()
    {
        using var own = new SoftwareAuthenticator();
        using var strange = new SoftwareAuthenticator();
        var (person, address) = await _host.ReachablePersonAsync();
        var session = await _host.LoginAsync(person);
        await _host.AddPasskeyAsync(session.AccessToken, own);
        await _host.AddPasskeyAsync(await _host.RefreshAsync(session.RefreshToken), strange);

        await _host.TryUseAsync(NotMe, await _mails.TokenAsync(address, Mailbox.NewFactor, mails: 2)).ExpectAsync(HttpStatusCode.NoContent);

        await _host.TryLoginAsync(strange).ExpectIncorrectAsync();
        await _host.LoginAsync(own);
    }

    [Fact]
    public async Task An_address_that_a_stranger_gave_is_the_old_one_again()
    {
        var (person, old) = await _host.ReachablePersonAsync();
        var (session, strange) = (await _host.LoginAsync(person), Mailbox.NewAddressOf("eve"));
        await _host.TryChangeEmailAsync(session.AccessToken, strange).ExpectAsync(HttpStatusCode.Accepted);
        await _host.TryUseAsync(Confirm, await _mails.TokenAsync(strange, Mailbox.Confirm)).ExpectAsync(HttpStatusCode.NoContent);

        await _host.TryUseAsync(NotMe, await _mails.TokenAsync(old, Mailbox.NewAddress)).ExpectAsync(HttpStatusCode.NoContent);

        await _host.RequestResetAsync(strange);
        await _host.RequestResetAsync(old);
        await _mails.WaitForAsync(old, Mailbox.Reset);
        Assert.Empty(_mails.To(strange, Mailbox.Reset));
    }

    [Fact]
    public async Task An_address_that_a_stranger_has_not_confirmed_yet_never_counts()
    {
        var (person, old) = await _host.ReachablePersonAsync();
        var strange = Mailbox.NewAddressOf("eve");
        await _host.TryChangeEmailAsync((await _host.LoginAsync(person)).AccessToken, strange).ExpectAsync(HttpStatusCode.Accepted);
        var confirm = await _mails.TokenAsync(strange, Mailbox.Confirm);

        await _host.TryUseAsync(NotMe, await _mails.TokenAsync(old, Mailbox.NewAddress)).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.TryUseAsync(Confirm, confirm), member: "status"));
    }

    /// <summary>An earlier version or another tool may have stored the address like this.</summary>
    [Fact]
    public async Task An_address_that_is_kept_with_white_space_around_it_is_reached()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.Database.ExecuteAsync($"UPDATE principals SET email = '  {address} ' WHERE id = '{person.Id}'");
        await _host.TryChangePasswordAsync((await _host.LoginAsync(person)).AccessToken, person.Password, NewPassword()).ExpectAsync(HttpStatusCode.NoContent);

        await _host.TryUseAsync(NotMe, await _mails.TokenAsync(address, Mailbox.NewPassword)).ExpectAsync(HttpStatusCode.NoContent);

        await _host.LoginAsync(await _host.ChooseNewPasswordAsync(_mails, person, address));
    }

    [Fact]
    public async Task It_is_said_once_within_thirty_days()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.TryChangePasswordAsync((await _host.LoginAsync(person)).AccessToken, person.Password, NewPassword()).ExpectAsync(HttpStatusCode.NoContent);
        var token = await _mails.TokenAsync(address, Mailbox.NewPassword);
        var (other, otherAddress) = await _host.ReachablePersonAsync();
        await _host.TryChangePasswordAsync((await _host.LoginAsync(other)).AccessToken, other.Password, NewPassword()).ExpectAsync(HttpStatusCode.NoContent);
        var late = await _mails.TokenAsync(otherAddress, Mailbox.NewPassword);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var response = await _host.TryUseAsync(NotMe, token);
            return response.StatusCode;
        }));
        _host.Clock.Advance(TimeSpan.FromDays(30));

        Assert.Single(statuses, status => status is HttpStatusCode.NoContent);
        Assert.Equal(7, statuses.Count(status => status is HttpStatusCode.BadRequest));
        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.TryUseAsync(NotMe, late), member: "status"));
    }

    [Fact]
    public async Task Changes_at_the_same_moment_do_not_keep_the_owner_from_it()
    {
        var admin = await _host.AdminTokenAsync();
        for (var round = 0; round < 5; round++)
        {
            var (person, address) = await _host.ReachablePersonAsync();
            var session = await _host.LoginAsync(person);
            await _host.TryChangePasswordAsync(session.AccessToken, person.Password, NewPassword()).ExpectAsync(HttpStatusCode.NoContent);
            var token = await _mails.TokenAsync(address, Mailbox.NewPassword);
            using var over = new CancellationTokenSource();
            var changing = Task.Run(async () =>
            {
                for (var change = 0; !over.IsCancellationRequested; change++)
                    (await _host.PatchAsync(Administration.PathOf(person.Id), admin, new { role = change % 2 == 0 ? "ADMIN" : "USER" })).Dispose();
            });

            await _host.TryUseAsync(NotMe, token).ExpectAsync(HttpStatusCode.NoContent);

            await over.CancelAsync();
            await changing;
        }
    }

    [Fact]
    public async Task People_hear_of_removed_factors_and_of_a_closed_second_step()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.GuardedAsync(person);
        using (var frozen = _host.Clock.Freeze())
        {
            for (var wrong = 0; wrong < 20; wrong += 5)
            {
                var challenge = await _host.ChallengeAsync(person);
                for (var guess = 0; guess < 5; guess++)
                    await _host.ExpectWrongAsync(challenge, "000000");
            }
        }

        await _mails.WaitForAsync(address, Mailbox.Closed);
        await _host.DeleteAsync($"{Administration.PathOf(person.Id)}/second-factors", await _host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);

        var removed = Assert.Single(await _mails.WaitForAsync(address, Mailbox.FactorRemoved));
        Assert.Contains("Every second step was removed from your account", removed.TextBody, StringComparison.Ordinal);
    }

    /// <summary>Chooses a new password by mail; returns which second factors the account still has.</summary>
    private async Task<(bool App, int Passkeys)> FactorsAfterResetAsync(Person person, string address)
    {
        var session = await _host.LoginAsync(await _host.ChooseNewPasswordAsync(_mails, person, address));
        var status = await _host.GetAsync(SecondFactorCalls.Status, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        return (status.GetProperty("connected").GetBoolean(), status.GetProperty("passkeys").GetInt32());
    }

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : NotMeTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : NotMeTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
