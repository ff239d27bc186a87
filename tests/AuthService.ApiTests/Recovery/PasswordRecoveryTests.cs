using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;
using static AuthService.ApiTests.Recovery.RecoveryCalls;

namespace AuthService.ApiTests.Recovery;

/// <summary>People who forgot their password get a link by mail and set a new one.</summary>
public abstract class PasswordRecoveryTests(Mailing mailing)
{
    private readonly AuthHost _host = mailing.Host;
    private readonly Mailbox _mails = mailing.Mails;

    [Fact]
    public async Task The_link_sets_a_new_password_once_and_ends_every_session()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        var session = await _host.LoginAsync(person);

        await _host.RequestResetAsync(address);
        var token = await _mails.TokenAsync(address, Mailbox.Reset);
        await _host.LoginAsync(person); // a request alone changes nothing
        var chosen = NewPassword();
        await _host.Http.TryResetAsync(token, chosen).ExpectAsync(HttpStatusCode.OK);

        await _host.ExpectEndedAsync(session);
        await _host.TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.Unauthorized);
        await _host.LoginAsync(person.Id, chosen);
        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.Http.TryResetAsync(token, NewPassword())));
        var events = await _host.AuditAsync(await _host.AdminTokenAsync(), $"?principal={person.Id}");
        Assert.Contains(events, entry => entry.Text("event") is "password_reset_mailed" && entry.Text("ipAddress") is "127.0.0.1");
    }

    [Theory]
    [InlineData("Grace.{0}@EXAMPLE.com", "grace.{0}@example.COM")]
    [InlineData("grace+{0}@example.com", " grace+{0}@example.com ")]
    [InlineData("jörg{0}@exämple.de", "JÖRG{0}@EXÄMPLE.de")]
    public async Task The_address_is_found_however_it_is_typed(string kept, string typed)
    {
        var number = Guid.NewGuid().ToString("N")[..8];
        var address = kept.Replace("{0}", number, StringComparison.Ordinal);
        await _host.ReachablePersonAsync(facts: new() { ["email"] = address });

        await _host.RequestResetAsync(typed.Replace("{0}", number, StringComparison.Ordinal));

        await _mails.WaitForAsync(address, Mailbox.Reset);
    }

    [Fact]
    public async Task Nobody_who_is_disabled_and_no_unknown_address_gets_a_mail()
    {
        var (disabled, address) = await _host.ReachablePersonAsync();
        await ChangeAsync(disabled, """{"state":"DISABLED"}""");
        var (_, control) = await _host.ReachablePersonAsync();
        var unknown = Mailbox.NewAddressOf("nobody");

        foreach (var email in new[] { address, unknown, control })
            await _host.RequestResetAsync(email);
        await _mails.WaitForAsync(control, Mailbox.Reset);

        Assert.Empty(_mails.To(address, Mailbox.Reset));
        Assert.Empty(_mails.To(unknown, Mailbox.Reset));
    }

    [Theory]
    [InlineData("""{"email":"other@example.com"}""")]
    [InlineData("""{"state":"DISABLED"}""")]
    [InlineData("""{"role":"ADMIN"}""")]
    public async Task What_is_changed_meanwhile_voids_the_link(string change)
    {
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.RequestResetAsync(address);
        var token = await _mails.TokenAsync(address, Mailbox.Reset);

        await ChangeAsync(person, change);

        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.Http.TryResetAsync(token, NewPassword())));
    }

    [Fact]
    public async Task The_link_is_good_for_half_an_hour_and_survives_a_refused_password()
    {
        using var frozen = _host.Clock.Freeze();
        var (_, address) = await _host.ReachablePersonAsync();
        await _host.RequestResetAsync(address);
        var token = await _mails.TokenAsync(address, Mailbox.Reset);
        _host.Clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        Assert.Equal("PASSWORD_NOT_ALLOWED", await CodeAsync(_host.Http.TryResetAsync(token, "password")));

        _host.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.Http.TryResetAsync(token, NewPassword())));
    }

    [Fact]
    public async Task Of_many_who_use_a_link_at_once_one_sets_the_password()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.RequestResetAsync(address);
        var token = await _mails.TokenAsync(address, Mailbox.Reset);
        var passwords = Enumerable.Range(0, 8).Select(_ => NewPassword()).ToList();

        var statuses = await Task.WhenAll(passwords.Select(async password =>
        {
            using var response = await _host.Http.TryResetAsync(token, password);
            return response.StatusCode;
        }));

        Assert.Single(statuses, status => status is HttpStatusCode.OK);
        await _host.LoginAsync(person.Id, passwords[Array.IndexOf(statuses, HttpStatusCode.OK)]);
    }

    [Fact]
    public async Task Tokens_of_another_purpose_and_cut_or_doubled_ones_are_refused()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.TryChangeEmailAsync((await _host.LoginAsync(person)).AccessToken, address).ExpectAsync(HttpStatusCode.Accepted);
        var confirm = await _mails.TokenAsync(address, Mailbox.Confirm);
        await _host.RequestResetAsync(address);
        var reset = await _mails.TokenAsync(address, Mailbox.Reset);

        foreach (var token in new[] { confirm, $"reset_{confirm.Split('_', 2)[1]}", reset[..^1], reset + reset, $"{reset} " })
            Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.Http.TryResetAsync(token, NewPassword())));
        foreach (var (path, token) in new[] { (Confirm, reset), (Confirm, $"address_{reset.Split('_', 2)[1]}"), (NotMe, reset), (NotMe, confirm) })
            Assert.Equal("INVALID_TOKEN", await CodeAsync(_host.TryUseAsync(path, token), member: "status"));
    }

    [Fact]
    public async Task A_name_that_somebody_guesses_at_is_its_owners_again()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        using (_host.Clock.Freeze()) // the clock stands still so that the lock does not expire
        {
            await _host.FailAsync(person.Id, 5);
            await _host.TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.TooManyRequests);
        }

        await _host.RequestResetAsync(address);
        var chosen = NewPassword();
        await _host.Http.TryResetAsync(await _mails.TokenAsync(address, Mailbox.Reset), chosen).ExpectAsync(HttpStatusCode.OK);

        await _host.LoginAsync(person.Id, chosen);
    }

    [Fact]
    public async Task A_second_factor_is_asked_for_after_it()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.GuardedAsync(person);

        await _host.RequestResetAsync(address);
        var chosen = NewPassword();
        await _host.Http.TryResetAsync(await _mails.TokenAsync(address, Mailbox.Reset), chosen).ExpectAsync(HttpStatusCode.OK);

        Assert.StartsWith("2fa_", (await _host.TryLoginAsync(person.Id, chosen).ExpectAsync(HttpStatusCode.OK)).Text("2fa"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_link_leads_to_this_service_whatever_the_request_calls_its_host()
    {
        var (_, address) = await _host.ReachablePersonAsync();

        (string, string)[] headers = [("Host", "evil.example"), ("X-Forwarded-Host", "evil.example")];
        await _host.SendAsync(HttpMethod.Post, RequestReset, json: new { email = address }, headers: headers).ExpectAsync(HttpStatusCode.OK);
        var mail = Assert.Single(await _mails.WaitForAsync(address, Mailbox.Reset));

        Assert.Matches("^https?://[^/]+/login/new-password#token=reset_[A-Za-z0-9_-]{43}$", Mailbox.LinkOf(mail));
        Assert.DoesNotContain("evil.example", mail.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_most_three_mails_go_to_an_address_in_an_hour()
    {
        var (_, address) = await _host.ReachablePersonAsync();
        var (_, control) = await _host.ReachablePersonAsync();
        for (var request = 0; request < 5; request++)
            await _host.RequestResetAsync(address);
        await _host.RequestResetAsync(control);
        await _mails.WaitForAsync(control, Mailbox.Reset);
        Assert.Equal(3, (await _mails.WaitForAsync(address, Mailbox.Reset, mails: 3)).Length);

        _host.Clock.Advance(TimeSpan.FromHours(1));
        await _host.RequestResetAsync(address);

        await _mails.WaitForAsync(address, Mailbox.Reset, mails: 4);
    }

    private async Task ChangeAsync(Person person, string change) =>
        await _host.PatchAsync(Administration.PathOf(person.Id), await _host.AdminTokenAsync(), JsonNode.Parse(change)!).ExpectAsync(HttpStatusCode.OK);

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : PasswordRecoveryTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : PasswordRecoveryTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
