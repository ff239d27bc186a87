using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using MimeKit;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;
using static AuthService.ApiTests.Recovery.RecoveryCalls;

namespace AuthService.ApiTests.Recovery;

/// <summary>When an administrator changes a person's e-mail address, the old address gets a mail, but links sent to it become void.</summary>
public abstract class ReplacedAddressTests(Mailing mailing)
{
    private readonly AuthHost _host = mailing.Host;
    private readonly Mailbox _mails = mailing.Mails;

    [Fact]
    public async Task The_old_address_hears_of_the_new_one_and_who_gave_it()
    {
        var (person, old) = await _host.ReachablePersonAsync();
        var administrator = await _host.CreatePersonAsync(new() { ["role"] = "ADMIN" });
        var next = Mailbox.NewAddressOf("next");

        var token = (await _host.LoginAsync(administrator)).AccessToken;
        await _host.PatchAsync(Administration.PathOf(person.Id), token, new { email = next }).ExpectAsync(HttpStatusCode.OK);

        var mail = Assert.Single(await _mails.WaitForAsync(old, Mailbox.NewAddress));
        ExpectInBoth(mail, $"The administrator {administrator.Id} has changed the e-mail address of your account at");
        ExpectInBoth(mail, next);
        Assert.Empty(Mailbox.LinkOf(mail));
        Assert.DoesNotContain("being changed", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_old_address_hears_that_it_was_removed()
    {
        var (person, old) = await _host.ReachablePersonAsync();

        await _host.ChangeAsync(person.Id, new { email = (string?)null });

        var mail = Assert.Single(await _mails.WaitForAsync(old, "No e-mail address"));
        ExpectInBoth(mail, "has removed the e-mail address from your account at");
        Assert.Empty(Mailbox.LinkOf(mail));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Links_that_went_to_the_old_address_are_void(bool hasNext)
    {
        var (person, old) = await _host.ReachablePersonAsync();
        var next = hasNext ? Mailbox.NewAddressOf("next") : null;
        await _host.TryChangePasswordAsync((await _host.LoginAsync(person)).AccessToken, person.Password, NewPassword()).ExpectAsync(HttpStatusCode.NoContent);
        var token = await _mails.TokenAsync(old, Mailbox.NewPassword);

        await _host.ChangeAsync(person.Id, new { email = next });

        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.TryUseAsync(NotMe, token), member: "status"));
        Assert.Equal(next, (await _host.ShowAsync(person.Id)).GetProperty("email").GetString());
    }

    [Fact]
    public async Task A_password_in_the_same_call_is_told_of_without_a_link()
    {
        var (person, old) = await _host.ReachablePersonAsync();

        await _host.ChangeAsync(person.Id, new { email = Mailbox.NewAddressOf("next"), password = NewPassword() });

        await _mails.WaitForAsync(old, Mailbox.NewAddress);
        Assert.Empty(Mailbox.LinkOf(Assert.Single(await _mails.WaitForAsync(old, Mailbox.NewPassword))));
    }

    [Fact]
    public async Task The_same_address_in_other_letters_is_told_to_nobody_and_links_stay_good()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.TryChangePasswordAsync((await _host.LoginAsync(person)).AccessToken, person.Password, NewPassword()).ExpectAsync(HttpStatusCode.NoContent);
        var token = await _mails.TokenAsync(address, Mailbox.NewPassword);

        await _host.ChangeAsync(person.Id, new { email = address.ToUpperInvariant(), firstNames = "Ada" });

        await _host.TryUseAsync(NotMe, token).ExpectAsync(HttpStatusCode.NoContent);
        await _host.ChooseNewPasswordAsync(_mails, person, address); // mails are sent in order, so all earlier ones have arrived
        Assert.Empty(_mails.To(address, Mailbox.NewAddress));
    }

    private static void ExpectInBoth(MimeMessage mail, string words)
    {
        Assert.Contains(words, mail.TextBody, StringComparison.Ordinal);
        Assert.Contains(words, mail.HtmlBody, StringComparison.Ordinal);
    }

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : ReplacedAddressTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : ReplacedAddressTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
