using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;
using static AuthService.ApiTests.Recovery.RecoveryCalls;

namespace AuthService.ApiTests.Recovery;

/// <summary>With <c>Recovery:TrustUnconfirmedAddresses</c> switched off, an unconfirmed address gives nobody access to the account.</summary>
public abstract class UnconfirmedAddressTests(Mailing mailing)
{
    private readonly AuthHost _host = mailing.Host;
    private readonly Mailbox _mails = mailing.Mails;

    [Fact]
    public async Task An_address_that_nobody_has_confirmed_counts_only_where_the_setting_says_so()
    {
        await using var strict = await _host.StartAnotherAsync(mailing.Settings.With(new() { ["Recovery:TrustUnconfirmedAddresses"] = "false" }));
        var (unconfirmed, address) = await strict.ReachablePersonAsync();
        var (confirmed, control) = await strict.ReachablePersonAsync();
        await strict.TryChangeEmailAsync((await strict.LoginAsync(confirmed)).AccessToken, control).ExpectAsync(HttpStatusCode.Accepted);
        await strict.TryUseAsync(Confirm, await _mails.TokenAsync(control, Mailbox.Confirm)).ExpectAsync(HttpStatusCode.NoContent);

        await strict.RequestResetAsync(address);
        await strict.RequestResetAsync(control);
        await _mails.WaitForAsync(control, Mailbox.Reset);

        Assert.Empty(_mails.To(address, Mailbox.Reset));
        await strict.LoginAsync(unconfirmed);
    }

    /// <summary>The "it wasn't me" link would confirm the address and make the password invalid.</summary>
    [Fact]
    public async Task A_notice_to_an_address_that_does_not_count_has_no_link()
    {
        await using var strict = await _host.StartAnotherAsync(mailing.Settings.With(new() { ["Recovery:TrustUnconfirmedAddresses"] = "false" }));
        var (unconfirmed, address) = await strict.ReachablePersonAsync();
        var (confirmed, control) = await strict.ReachablePersonAsync();
        await strict.Database.ExecuteAsync($"UPDATE principals SET email_verified_at = 1 WHERE id = '{confirmed.Id}'");

        foreach (var person in new[] { unconfirmed, confirmed })
        {
            var session = await strict.LoginAsync(person);
            await strict.TryChangePasswordAsync(session.AccessToken, person.Password, NewPassword()).ExpectAsync(HttpStatusCode.NoContent);
        }

        var notices = new[] { await _mails.WaitForAsync(address, Mailbox.NewPassword), await _mails.WaitForAsync(control, Mailbox.NewPassword) };
        Assert.Empty(Mailbox.LinkOf(Assert.Single(notices[0])));
        await strict.TryUseAsync(NotMe, Mailbox.TokenOf(Assert.Single(notices[1]))).ExpectAsync(HttpStatusCode.NoContent);
        Assert.Equal(0, await strict.Database.CountAsync("notice_links"));
    }

    /// <summary>The mail was sent before the setting was switched off, or by an earlier version.</summary>
    [Fact]
    public async Task A_link_that_went_to_an_address_that_does_not_count_any_more_takes_nothing_back()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        var chosen = NewPassword();
        await _host.TryChangePasswordAsync((await _host.LoginAsync(person)).AccessToken, person.Password, chosen).ExpectAsync(HttpStatusCode.NoContent);
        var token = await _mails.TokenAsync(address, Mailbox.NewPassword);
        await using var strict = await _host.StartTwinAsync(mailing.Settings.With(new() { ["Recovery:TrustUnconfirmedAddresses"] = "false" }));

        Assert.Equal("INVALID_TOKEN", await CodeAsync(strict.TryUseAsync(NotMe, token), member: "status"));

        Assert.Equal(1, await strict.Database.CountAsync($"principals WHERE id = '{person.Id}' AND email_verified_at IS NULL"));
        await strict.LoginAsync(person.Id, chosen);
        await strict.Database.ExecuteAsync($"UPDATE principals SET email_verified_at = 1 WHERE id = '{person.Id}'");
        await strict.TryUseAsync(NotMe, token).ExpectAsync(HttpStatusCode.NoContent);
    }

    /// <summary>An administrator mistyped the address. Its reader must not get the account after the owner has corrected it.</summary>
    [Fact]
    public async Task Nor_once_its_owner_has_confirmed_another_address()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        await using var strict = await _host.StartTwinAsync(mailing.Settings.With(new() { ["Recovery:TrustUnconfirmedAddresses"] = "false" }));
        var (chosen, own) = (NewPassword(), Mailbox.NewAddressOf("own"));
        await _host.TryChangePasswordAsync((await _host.LoginAsync(person)).AccessToken, person.Password, chosen).ExpectAsync(HttpStatusCode.NoContent);
        var token = await _mails.TokenAsync(address, Mailbox.NewPassword);

        await strict.TryChangeEmailAsync((await strict.LoginAsync(person.Id, chosen)).AccessToken, own).ExpectAsync(HttpStatusCode.Accepted);
        await strict.TryUseAsync(Confirm, await _mails.TokenAsync(own, Mailbox.Confirm)).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal("INVALID_TOKEN", await CodeAsync(strict.TryUseAsync(NotMe, token), member: "status"));
        await strict.LoginAsync(person.Id, chosen);
    }

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : UnconfirmedAddressTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : UnconfirmedAddressTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
