using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using MimeKit;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>The hundredth wrong code in a row is reported once, as a lock that does not expire. Access to the person's mail is not enough to lift it.</summary>
public abstract class StoppedCodesTests(Mailing mailing)
{
    private const string WrongRecoveryCode = "AAAA-AAAA-AAAA-AAAA";

    private readonly AuthHost _host = mailing.Host;
    private readonly Mailbox _mails = mailing.Mails;

    [Theory]
    [InlineData("en", "Codes of your authenticator app are not accepted any more", "until")]
    [InlineData("da", "Koder fra din godkendelsesapp godkendes ikke længere", "før")]
    public async Task It_is_told_once_and_promises_no_end(string locale, string words, string end)
    {
        using var frozen = _host.Clock.Freeze();
        var (person, address) = await _host.ReachablePersonAsync(facts: new() { ["locale"] = locale });
        var guarded = await _host.GuardedAsync(person);
        await SetAsync(guarded, "wrong_in_a_row = 99");
        var challenge = await _host.ChallengeAsync(person);

        foreach (var wrong in new[] { "000000", WrongRecoveryCode, WrongRecoveryCode })
            await _host.ExpectWrongAsync(challenge, wrong);

        var stop = Assert.Single(await ListClosedAsync(person)).Text("detail");
        Assert.Equal("after 100 wrong codes in a row, until a recovery code, a new password (not one by mail) or the removal of the app", stop);
        var mail = Assert.Single(await ListMailsAsync(person, address, locale is "en" ? Mailbox.Closed : "Login på din konto"));
        Assert.Contains("100", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains(words, mail.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain($" {end} ", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_closes_the_second_step_for_an_hour_as_well_is_told_as_both_by_one_mail()
    {
        using var frozen = _host.Clock.Freeze();
        var (person, address) = await _host.ReachablePersonAsync();
        var guarded = await _host.GuardedAsync(person);
        await _host.ExpectWrongAsync(await _host.ChallengeAsync(person), "000000");
        await SetAsync(guarded, "wrong_in_a_row = 99, wrong_codes = 19");

        await _host.ExpectWrongAsync(await _host.ChallengeAsync(person), "000000");

        var details = (await ListClosedAsync(person)).Select(entry => entry.Text("detail").Split(' ')[0]);
        Assert.Equal(["after", "until"], details.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Contains("however long you wait", Assert.Single(await ListMailsAsync(person, address, Mailbox.Closed)).TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_by_mail_does_not_lift_it_and_one_by_an_administrator_does()
    {
        using var frozen = _host.Clock.Freeze();
        var (person, address) = await _host.ReachablePersonAsync();
        var guarded = await _host.GuardedAsync(person);
        await SetAsync(guarded, "wrong_in_a_row = 100");

        guarded = guarded with { Person = await _host.ChooseNewPasswordAsync(_mails, person, address) };
        await _host.TryAnswerAsync(await _host.ChallengeAsync(guarded.Person), _host.NextCode(guarded)).ExpectAsync(HttpStatusCode.TooManyRequests);

        guarded = guarded with { Person = person with { Password = NewPassword() } };
        await _host.PutAsync($"{Administration.PathOf(person.Id)}/password", await _host.AdminTokenAsync(), new { password = guarded.Person.Password })
            .ExpectAsync(HttpStatusCode.NoContent);
        await _host.LoginAsync(guarded);
    }

    /// <summary>The old password alone is enough to get this reset token.</summary>
    [Fact]
    public async Task A_new_password_where_one_is_requested_does_not_lift_it()
    {
        using var frozen = _host.Clock.Freeze();
        var guarded = await _host.GuardedAsync();
        await SetAsync(guarded, "wrong_in_a_row = 100");
        await _host.PatchAsync(Administration.PathOf(guarded.Person.Id), await _host.AdminTokenAsync(), new { passwordResetRequested = true })
            .ExpectAsync(HttpStatusCode.OK);
        var token = await _host.Http.ResetTokenAsync(guarded.Person.Id, guarded.Person.Password);
        guarded = guarded with { Person = guarded.Person with { Password = NewPassword() } };
        await _host.Http.TryResetAsync(token, guarded.Person.Password).ExpectAsync(HttpStatusCode.OK);

        await _host.TryAnswerAsync(await _host.ChallengeAsync(guarded.Person), _host.NextCode(guarded)).ExpectAsync(HttpStatusCode.TooManyRequests);
    }

    private async Task<IReadOnlyList<JsonElement>> ListClosedAsync(Person person) =>
        [.. await _host.AuditAsync(await _host.AdminTokenAsync(), $"?principal={person.Id}&event=second_factor_closed")];

    /// <summary>Returns all mails with this subject, after it has caused a later mail and received it.</summary>
    private async Task<MimeMessage[]> ListMailsAsync(Person person, string address, string subject)
    {
        var first = await _mails.WaitForAsync(address, subject);
        await _host.DeleteAsync($"{Administration.PathOf(person.Id)}/second-factors", await _host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);
        await _mails.WaitForAsync(address, first[0].Subject!.StartsWith("Login", StringComparison.Ordinal) ? "Et andet trin" : Mailbox.FactorRemoved);
        return _mails.To(address, subject);
    }

    private Task SetAsync(Guarded guarded, string values) => _host.Database.ExecuteAsync(
        $"UPDATE totp_factors SET {values} WHERE principal_number = (SELECT number FROM principals WHERE id = '{guarded.Person.Id}')");

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : StoppedCodesTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : StoppedCodesTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
