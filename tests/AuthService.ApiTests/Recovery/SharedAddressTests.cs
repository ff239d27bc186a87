using System.Net;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Hosting;
using MimeKit;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Recovery;

/// <summary>People who share an address get one mail with a link for each of them.</summary>
public abstract partial class SharedAddressTests(Mailing mailing)
{
    private readonly AuthHost _host = mailing.Host;
    private readonly Mailbox _mails = mailing.Mails;

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(10)]
    public async Task Each_of_them_has_a_link_that_sets_their_own_password(int number)
    {
        var (people, address) = await SharingAsync(number);

        await _host.RequestResetAsync(address);
        var links = LinksOf(Assert.Single(await _mails.WaitForAsync(address, Mailbox.Reset)));

        Assert.Equal(people.Select(person => person.Id).Order(StringComparer.Ordinal), links.Keys.Order(StringComparer.Ordinal));
        foreach (var person in new[] { people[0], people[^1] })
        {
            var chosen = NewPassword();
            await _host.Http.TryResetAsync(links[person.Id], chosen).ExpectAsync(HttpStatusCode.OK);
            await _host.LoginAsync(person.Id, chosen);
        }
    }

    [Fact]
    public async Task Of_more_than_ten_the_mail_says_so()
    {
        var (people, address) = await SharingAsync(11);

        await _host.RequestResetAsync(address);
        var mail = Assert.Single(await _mails.WaitForAsync(address, Mailbox.Reset));

        Assert.Equal(10, LinksOf(mail).Count);
        Assert.DoesNotContain(people[^1].Id, mail.TextBody!, StringComparison.Ordinal);
        Assert.Contains("More than 10 accounts", mail.TextBody!, StringComparison.Ordinal);
        Assert.Contains("An administrator can set a new password for them", mail.TextBody!, StringComparison.Ordinal);
    }

    /// <summary>Mails for one person and mails for several share one rate limit.</summary>
    [Fact]
    public async Task It_is_one_of_the_three_mails_of_an_hour()
    {
        var (_, address) = await _host.ReachablePersonAsync();
        await _host.RequestResetAsync(address);
        await _mails.WaitForAsync(address, Mailbox.Reset);
        await _host.ReachablePersonAsync(facts: new() { ["email"] = address });
        var (_, control) = await _host.ReachablePersonAsync();
        for (var request = 0; request < 4; request++)
            await _host.RequestResetAsync(address);

        await _host.RequestResetAsync(control);
        await _mails.WaitForAsync(control, Mailbox.Reset);

        Assert.Equal(3, (await _mails.WaitForAsync(address, Mailbox.Reset, mails: 3)).Length);
        Assert.Equal([1, 2, 2], _mails.To(address, Mailbox.Reset).Select(mail => Token().Count(mail.TextBody!)));
    }

    [Fact]
    public async Task One_who_is_disabled_is_not_among_them()
    {
        var (people, address) = await SharingAsync(3);
        await _host.PatchAsync($"/admin/principals/{people[0].Id}", await _host.AdminTokenAsync(), new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);

        await _host.RequestResetAsync(address);
        var links = LinksOf(Assert.Single(await _mails.WaitForAsync(address, Mailbox.Reset)));

        Assert.Equal(2, links.Count);
        Assert.DoesNotContain(links.Keys, id => id == people[0].Id);
    }

    [Fact]
    public async Task What_is_only_written_alike_is_another_mailbox()
    {
        var address = Mailbox.NewAddressOf("finn");
        await _host.ReachablePersonAsync(facts: new() { ["email"] = address.Replace("fi", "\uFB01", StringComparison.Ordinal) }); // a ligature
        var (person, _) = await _host.ReachablePersonAsync(facts: new() { ["email"] = address });

        await _host.RequestResetAsync(address);
        var mail = Assert.Single(await _mails.WaitForAsync(address, Mailbox.Reset));

        Assert.Equal(1, Token().Count(mail.TextBody!));
        var chosen = NewPassword();
        await _host.Http.TryResetAsync(Mailbox.TokenOf(mail), chosen).ExpectAsync(HttpStatusCode.OK);
        await _host.LoginAsync(person.Id, chosen);
    }

    /// <summary>The rate limit counts each mailbox separately, although their folded addresses are equal.</summary>
    [Fact]
    public async Task Each_of_four_mailboxes_that_are_written_alike_has_its_mail()
    {
        var address = Mailbox.NewAddressOf("finn");
        string[] mailboxes = [address, .. new[] { "\uFB01nn", "\uFF46inn", "f\uFF49nn" }.Select(name => name + address[4..])];
        foreach (var mailbox in mailboxes)
            await _host.ReachablePersonAsync(facts: new() { ["email"] = mailbox });

        await _host.RequestResetAsync(address);

        foreach (var mailbox in mailboxes)
            Assert.Single(await _mails.WaitForAsync(mailbox, Mailbox.Reset));
    }

    private static Dictionary<string, string> LinksOf(MimeMessage mail) => Line().Matches(mail.TextBody!).ToDictionary(
        line => line.Groups["name"].Value, line => line.Groups["token"].Value, StringComparer.Ordinal);

    [GeneratedRegex(
        @"^(?<name>\S+): https?://\S+token=(?<token>\S+)\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Line();

    [GeneratedRegex("token=reset_", RegexOptions.NonBacktracking)]
    private static partial Regex Token();

    /// <summary>Creates people who share an address; returns them in the order of creation.</summary>
    private async Task<(Person[] People, string Address)> SharingAsync(int number)
    {
        var address = Mailbox.NewAddressOf("family");
        var people = new List<Person>();
        for (var i = 0; i < number; i++)
            people.Add((await _host.ReachablePersonAsync(facts: new() { ["email"] = address })).Person);
        return ([.. people], address);
    }

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : SharedAddressTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : SharedAddressTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
