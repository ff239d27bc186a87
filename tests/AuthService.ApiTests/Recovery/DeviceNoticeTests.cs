using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;
using static AuthService.ApiTests.Recovery.RecoveryCalls;

namespace AuthService.ApiTests.Recovery;

/// <summary>People get a mail about sign-ins with new browsers, and about administrators who act for them.</summary>
public abstract class DeviceNoticeTests(Mailing mailing)
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private readonly AuthHost _host = mailing.Host;
    private readonly Mailbox _mails = mailing.Mails;

    [Fact]
    public async Task A_new_browser_is_told_of_and_a_known_one_or_the_first_one_is_not()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        var device = await _host.SignInAtBrowserAsync(person);
        await _host.SignInAtBrowserAsync(person, device);

        using var another = await _host.TryLoginAsync(person.Id, person.Password, "web", ("User-Agent", Firefox));
        await another.ExpectAsync(HttpStatusCode.OK);

        var mail = Assert.Single(await _mails.WaitForAsync(address, Mailbox.NewDevice));
        Assert.Contains("Firefox on Linux", mail.TextBody, StringComparison.Ordinal);
        await SettleAsync(); // all earlier mails have arrived
        Assert.Single(_mails.To(address, Mailbox.NewDevice));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_public_computer_is_told_of_to_whoever_has_a_browser_of_their_own(bool hasBrowser, int mails)
    {
        var (person, address) = await _host.ReachablePersonAsync();
        if (hasBrowser)
            await _host.SignInAtBrowserAsync(person);

        await SignInAtPublicComputerAsync(person);

        await SettleAsync();
        Assert.Equal(mails, _mails.To(address, Mailbox.NewDevice).Length);
    }

    [Fact]
    public async Task A_browser_is_new_after_a_new_password()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        var device = await _host.SignInAtBrowserAsync(person);
        var changed = person with { Password = NewPassword() };
        await _host.PutAsync($"/admin/principals/{person.Id}/password", await _host.AdminTokenAsync(), new { password = changed.Password })
            .ExpectAsync(HttpStatusCode.NoContent);

        await _host.SignInAtBrowserAsync(changed, device);

        await _mails.WaitForAsync(address, Mailbox.NewDevice);
    }

    [Fact]
    public async Task It_was_not_me_ends_the_session_and_forgets_the_browser()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.SignInAtBrowserAsync(person);
        using var answer = await _host.TryLoginAsync(person.Id, person.Password, "web");
        var stranger = await answer.ExpectAsync(HttpStatusCode.OK);

        await _host.TryUseAsync(NotMe, await _mails.TokenAsync(address, Mailbox.NewDevice)).ExpectAsync(HttpStatusCode.NoContent);

        await _host.GetAsync(DeviceCalls.Own, stranger.Text("accessToken")).ExpectAsync(HttpStatusCode.Unauthorized);
        await _host.RequestResetAsync(address);
        var chosen = NewPassword();
        await _host.Http.TryResetAsync(await _mails.TokenAsync(address, Mailbox.Reset), chosen).ExpectAsync(HttpStatusCode.OK);
        Assert.Empty(await _host.DevicesAsync((await _host.LoginAsync(person.Id, chosen)).AccessToken));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_was_not_me_removes_the_passkey_that_signed_in_and_no_other(bool publicComputer)
    {
        using var stolen = new SoftwareAuthenticator();
        using var own = new SoftwareAuthenticator();
        var (person, address) = await _host.ReachablePersonAsync();
        await _host.SignInAtBrowserAsync(person);
        var session = await _host.LoginAsync(person);
        await _host.AddPasskeyAsync(session.AccessToken, stolen);
        await _host.AddPasskeyAsync(await _host.RefreshAsync(session.RefreshToken), own);
        var prompt = await _host.PasskeyPromptAsync("web");
        var answer = new { challengeId = prompt.ChallengeId, credential = stolen.Get(prompt.Options), service = "web", publicComputer };
        await _host.PostAsync(PasskeyCalls.Login, json: answer).ExpectAsync(HttpStatusCode.OK);

        await _host.TryUseAsync(NotMe, await _mails.TokenAsync(address, Mailbox.NewDevice)).ExpectAsync(HttpStatusCode.NoContent);

        await _host.TryLoginAsync(stolen).ExpectIncorrectAsync();
        await _host.LoginAsync(own);
    }

    [Fact]
    public async Task A_sign_in_that_is_refused_at_the_second_step_is_told_of_only_when_it_goes_on()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        var guarded = await _host.GuardedAsync(person);
        using var frozen = _host.Clock.Freeze();
        using var first = await _host.TryAnswerAsync(await _host.ChallengeAsync(person, "web"), _host.NextCode(guarded));
        await first.ExpectAsync(HttpStatusCode.OK);

        var challenge = await _host.ChallengeAsync(person, "web");
        await SettleAsync();
        Assert.Empty(_mails.To(address, Mailbox.NewDevice));
        using var second = await _host.TryAnswerAsync(challenge, _host.NextCode(guarded));
        await second.ExpectAsync(HttpStatusCode.OK);

        await _mails.WaitForAsync(address, Mailbox.NewDevice);
    }

    [Fact]
    public async Task A_person_hears_who_acts_for_them_and_can_end_it()
    {
        var (person, address) = await _host.ReachablePersonAsync();
        var administrator = await _host.CreatePersonAsync(new() { ["role"] = "ADMIN", ["canImpersonate"] = true });
        var session = await _host.LoginAsync(administrator);

        await _host.PostAsync($"/sessions/{session.SessionId}/impersonate", session.AccessToken, new { userUuid = person.Uuid, reason = "a support case" })
            .ExpectAsync(HttpStatusCode.OK);

        var mail = Assert.Single(await _mails.WaitForAsync(address, Mailbox.ActedFor));
        Assert.Contains(administrator.Id, mail.TextBody, StringComparison.Ordinal);
        await _host.TryUseAsync(NotMe, Mailbox.TokenOf(mail)).ExpectAsync(HttpStatusCode.NoContent);
        using var refreshed = await _host.TryRefreshAsync(session.RefreshToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refreshed.StatusCode);
    }

    private async Task SignInAtPublicComputerAsync(Person person)
    {
        using var answer = await _host.LoginWithAsync(AuthCalls.Write(
            AuthCalls.Writing.Form, ("username", person.Id), ("password", person.Password), ("service", "web"), ("publicComputer", "true")));
        await answer.ExpectAsync(HttpStatusCode.OK);
    }

    /// <summary>Waits until all earlier mails have arrived. Mails are sent in order, so it sends one more and waits for that.</summary>
    private async Task SettleAsync()
    {
        var (_, address) = await _host.ReachablePersonAsync("later");
        await _host.RequestResetAsync(address);
        await _mails.WaitForAsync(address, Mailbox.Reset);
    }

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : DeviceNoticeTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : DeviceNoticeTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
