using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>Whoever reads the person's mail does not lift the stop after a hundred wrong codes in a row.</summary>
public abstract class StoppedCodesTests(Mailing mailing)
{
    private readonly AuthHost _host = mailing.Host;
    private readonly Mailbox _mails = mailing.Mails;

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

    /// <summary>Whoever has the old password alone is given the token.</summary>
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

    private Task SetAsync(Guarded guarded, string values) => _host.Database.ExecuteAsync(
        $"UPDATE totp_factors SET {values} WHERE principal_number = (SELECT number FROM principals WHERE id = '{guarded.Person.Id}')");

    public sealed class OnSqlite(Mailing.OnSqlite mailing) : StoppedCodesTests(mailing), IClassFixture<Mailing.OnSqlite>;

    public sealed class OnPostgres(Mailing.OnPostgres mailing) : StoppedCodesTests(mailing), IClassFixture<Mailing.OnPostgres>;
}
