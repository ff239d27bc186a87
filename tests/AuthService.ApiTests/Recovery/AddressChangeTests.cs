using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;
using static AuthService.ApiTests.Recovery.RecoveryCalls;

namespace AuthService.ApiTests.Recovery;

/// <summary>People change the e-mail address of their account by confirming the new one.</summary>
public abstract class AddressChangeTests(Mailing mailing)
{
    private readonly AuthHost _host = mailing.Host;
    private readonly Mailbox _mails = mailing.Mails;

    [Fact]
    public async Task The_new_address_counts_once_its_link_is_used_and_the_old_one_hears_of_it()
    {
        var (person, old) = await _host.ReachablePersonAsync();
        var (session, next) = (await _host.LoginAsync(person), Mailbox.NewAddressOf("new"));

        await _host.TryChangeEmailAsync(session.AccessToken, next).ExpectAsync(HttpStatusCode.Accepted);
        var token = await _mails.TokenAsync(next, Mailbox.Confirm);
        var notice = Assert.Single(await _mails.WaitForAsync(old, Mailbox.NewAddress));
        Assert.Contains(next, notice.TextBody, StringComparison.Ordinal);
        Assert.Equal((old, false), await ShowAsync(session.AccessToken));
        await _host.TryUseAsync(Confirm, token).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal((next, true), await ShowAsync(session.AccessToken));
        await _host.RefreshAsync(session.RefreshToken);
        await _host.RequestResetAsync(next);
        await _mails.WaitForAsync(next, Mailbox.Reset);
        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.TryUseAsync(Confirm, token), member: "status"));
        var found = await _host.GetAsync($"/admin/principals?query={Uri.EscapeDataString(next)}", await _host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(person.Id, Assert.Single(found.GetProperty("items").EnumerateArray().ToList()).Text("id"));
    }

    [Fact]
    public async Task Whoever_had_no_address_gets_one()
    {
        var (person, next) = (await _host.CreatePersonAsync(), Mailbox.NewAddressOf("first"));
        var session = await _host.LoginAsync(person);

        await _host.TryChangeEmailAsync(session.AccessToken, next).ExpectAsync(HttpStatusCode.Accepted);
        await _host.TryUseAsync(Confirm, await _mails.TokenAsync(next, Mailbox.Confirm)).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal((next, true), await ShowAsync(session.AccessToken));
    }

    [Fact]
    public async Task Its_mail_says_nothing_that_whoever_asked_for_it_has_written()
    {
        var (person, _) = await _host.ReachablePersonAsync(facts: new() { ["firstNames"] = "You have won", ["lastName"] = "a prize at evil.example" });
        var next = Mailbox.NewAddressOf("victim");

        await _host.TryChangeEmailAsync((await _host.LoginAsync(person)).AccessToken, next).ExpectAsync(HttpStatusCode.Accepted);

        var mail = Assert.Single(await _mails.WaitForAsync(next, Mailbox.Confirm));
        foreach (var text in new[] { $"{mail.Subject}", mail.TextBody!, mail.HtmlBody!, mail.To.ToString() })
        {
            Assert.DoesNotContain("won", text, StringComparison.Ordinal);
            Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
            Assert.DoesNotContain(person.Id, text, StringComparison.Ordinal);
        }

        Assert.Contains($"Hello {next},", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_requests_the_later_one_counts()
    {
        var session = await _host.SignedInPersonAsync();
        var (one, other) = (Mailbox.NewAddressOf("one"), Mailbox.NewAddressOf("other"));

        await _host.TryChangeEmailAsync(session.AccessToken, one).ExpectAsync(HttpStatusCode.Accepted);
        await _host.TryChangeEmailAsync(session.AccessToken, other).ExpectAsync(HttpStatusCode.Accepted);

        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.TryUseAsync(Confirm, await _mails.TokenAsync(one, Mailbox.Confirm)), member: "status"));
        await _host.TryUseAsync(Confirm, await _mails.TokenAsync(other, Mailbox.Confirm)).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("""{"email":"other@example.com"}""")]
    [InlineData("""{"state":"DISABLED"}""")]
    [InlineData("""{"role":"ADMIN"}""")]
    public async Task What_an_administrator_changes_meanwhile_voids_the_link(string change)
    {
        var (person, _) = await _host.ReachablePersonAsync();
        var next = Mailbox.NewAddressOf("next");
        await _host.TryChangeEmailAsync((await _host.LoginAsync(person)).AccessToken, next).ExpectAsync(HttpStatusCode.Accepted);
        var token = await _mails.TokenAsync(next, Mailbox.Confirm);

        await _host.PatchAsync(Administration.PathOf(person.Id), await _host.AdminTokenAsync(), JsonNode.Parse(change)!).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.TryUseAsync(Confirm, token), member: "status"));
    }

    [Fact]
    public async Task The_link_is_good_for_half_an_hour()
    {
        using var frozen = _host.Clock.Freeze();
        var next = Mailbox.NewAddressOf("late");
        await _host.TryChangeEmailAsync((await _host.SignedInPersonAsync()).AccessToken, next).ExpectAsync(HttpStatusCode.Accepted);
        var token = await _mails.TokenAsync(next, Mailbox.Confirm);

        _host.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.TryUseAsync(Confirm, token), member: "status"));
    }

    [Fact]
    public async Task It_asks_for_a_fresh_proof()
    {
        var session = await _host.SignedInPersonAsync();
        _host.Clock.Advance(TimeSpan.FromDays(2));

        await ExpectProofRequiredAsync(await _host.RefreshAsync(session.RefreshToken));
    }

    [Fact]
    public async Task Nobody_changes_it_on_behalf_of_somebody_else_however_fresh_their_proof_is()
    {
        var (person, _) = await _host.ReachablePersonAsync();
        var (_, acting) = await _host.ImpersonatorAsync();
        await _host.TryChangeEmailAsync(acting.AccessToken, Mailbox.NewAddressOf("own")).ExpectAsync(HttpStatusCode.Accepted);

        await _host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

        await ExpectProofRequiredAsync(await _host.RefreshAsync(acting.RefreshToken));
    }

    [Fact]
    public async Task Nobody_is_flooded_with_links()
    {
        var (session, address) = (await _host.SignedInPersonAsync(), Mailbox.NewAddressOf("victim"));
        for (var request = 0; request < 3; request++)
            await _host.TryChangeEmailAsync(session.AccessToken, address).ExpectAsync(HttpStatusCode.Accepted);

        using var refused = await _host.TryChangeEmailAsync(session.AccessToken, address);

        Assert.Equal("TOO_MANY_MAILS", (await refused.ExpectAsync(HttpStatusCode.TooManyRequests)).Text("status"));
        Assert.Equal(TimeSpan.FromHours(1), refused.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Nobody_has_links_sent_to_any_number_of_people()
    {
        var session = await _host.SignedInPersonAsync();
        for (var request = 0; request < 3; request++)
            await _host.TryChangeEmailAsync(session.AccessToken, Mailbox.NewAddressOf("victim")).ExpectAsync(HttpStatusCode.Accepted);

        Assert.Equal(
            "TOO_MANY_MAILS",
            await CodeAsync(_host.TryChangeEmailAsync(session.AccessToken, Mailbox.NewAddressOf("victim")), HttpStatusCode.TooManyRequests, "status"));
        await _host.TryChangeEmailAsync((await _host.SignedInPersonAsync()).AccessToken, Mailbox.NewAddressOf("other")).ExpectAsync(HttpStatusCode.Accepted);
        _host.Clock.Advance(TimeSpan.FromMinutes(61));
        await _host.TryChangeEmailAsync(await _host.RefreshAsync(session.RefreshToken), Mailbox.NewAddressOf("later")).ExpectAsync(HttpStatusCode.Accepted);
    }

    private async Task ExpectProofRequiredAsync(string token) => Assert.Equal(
        "FRESH_SIGN_IN_REQUIRED", await CodeAsync(_host.TryChangeEmailAsync(token, "eve@example.com"), HttpStatusCode.Unauthorized, "status"));

    private async Task<(string? Email, bool Confirmed)> ShowAsync(string token)
    {
        var shown = await _host.GetAsync(Email, token).ExpectAsync(HttpStatusCode.OK);
        return (shown.GetProperty("email").GetString(), shown.GetProperty("confirmed").GetBoolean());
    }

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : AddressChangeTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : AddressChangeTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
