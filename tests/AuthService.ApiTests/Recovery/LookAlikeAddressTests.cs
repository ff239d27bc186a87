using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;
using static AuthService.ApiTests.Recovery.RecoveryCalls;

namespace AuthService.ApiTests.Recovery;

/// <summary>Two different mailboxes can have the same folded address, for example because of a ligature. A change between them is still a change.</summary>
public abstract class LookAlikeAddressTests(Mailing mailing)
{
    private readonly AuthHost _host = mailing.Host;
    private readonly Mailbox _mails = mailing.Mails;

    [Fact]
    public async Task The_old_one_hears_that_another_one_is_asked_for()
    {
        var (person, address) = await _host.ReachablePersonAsync("finn");
        var session = await _host.LoginAsync(person);

        await _host.TryChangeEmailAsync(session.AccessToken, LookAlikeOf(address)).ExpectAsync(HttpStatusCode.Accepted);

        Assert.Single(await _mails.WaitForAsync(address, Mailbox.NewAddress));
    }

    [Fact]
    public async Task An_administrator_who_gives_it_back_voids_what_the_other_one_had()
    {
        var (person, address) = await _host.ReachablePersonAsync("finn");
        var (other, admin) = (LookAlikeOf(address), await _host.AdminTokenAsync());
        var session = await _host.LoginAsync(person);
        await _host.TryChangeEmailAsync(session.AccessToken, other).ExpectAsync(HttpStatusCode.Accepted);
        await _host.TryUseAsync(Confirm, await _mails.TokenAsync(other, Mailbox.Confirm)).ExpectAsync(HttpStatusCode.NoContent);
        await _host.RequestResetAsync(other);
        var token = await _mails.TokenAsync(other, Mailbox.Reset);

        await _host.PatchAsync(Administration.PathOf(person.Id), admin, new { email = address }).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.Http.TryResetAsync(token, NewPassword())));
        Assert.NotEmpty(await _mails.WaitForAsync(other, Mailbox.NewAddress));
        var shown = await _host.GetAsync(Email, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        Assert.False(shown.GetProperty("confirmed").GetBoolean());
    }

    [Fact]
    public async Task A_link_that_was_asked_for_with_the_one_does_not_replace_the_other()
    {
        var (person, address) = await _host.ReachablePersonAsync("finn");
        var (session, next) = (await _host.LoginAsync(person), Mailbox.NewAddressOf("new"));
        await _host.TryChangeEmailAsync(session.AccessToken, next).ExpectAsync(HttpStatusCode.Accepted);
        var token = await _mails.TokenAsync(next, Mailbox.Confirm);

        var other = new { email = LookAlikeOf(address) };
        await _host.PatchAsync(Administration.PathOf(person.Id), await _host.AdminTokenAsync(), other).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.TryUseAsync(Confirm, token), member: "status"));
    }

    private static string LookAlikeOf(string address) => address.Replace("fi", "\uFB01", StringComparison.Ordinal);

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : LookAlikeAddressTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : LookAlikeAddressTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
