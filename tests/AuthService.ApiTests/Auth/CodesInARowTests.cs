using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>Somebody who knows the password gets at most a hundred guesses at a code of the authenticator app, however slowly they guess.</summary>
public abstract class CodesInARowTests(AuthHost host)
{
    [Fact]
    public async Task Neither_an_hour_nor_a_year_makes_wrong_codes_in_a_row_forgotten()
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        for (var row = 0; row < 2; row++)
        {
            var challenge = await host.ChallengeAsync(guarded.Person);
            for (var wrong = 0; wrong < 3; wrong++)
                await host.ExpectWrongAsync(challenge, "000000");
            host.Clock.Advance(TimeSpan.FromHours(2));
        }

        await SetAsync(guarded, "wrong_in_a_row + 93");
        await host.ExpectWrongAsync(await host.ChallengeAsync(guarded.Person), "000000");

        foreach (var days in new[] { 0, 1, 400 })
        {
            host.Clock.Advance(TimeSpan.FromDays(days));
            using var stopped = await host.TryAnswerAsync(await host.ChallengeAsync(guarded.Person), host.NextCode(guarded));
            Assert.Equal("SECOND_FACTOR_LOCKED", (await stopped.ExpectAsync(HttpStatusCode.TooManyRequests)).Text("errorCode"));
            Assert.Equal(TimeSpan.FromHours(1), stopped.Headers.RetryAfter?.Delta);
        }
    }

    [Fact]
    public async Task Ninety_nine_stop_nothing_and_a_right_one_begins_a_new_row()
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        for (var row = 0; row < 2; row++)
        {
            await SetAsync(guarded, "wrong_in_a_row + 98");
            await host.ExpectWrongAsync(await host.ChallengeAsync(guarded.Person), "000000");
            await host.LoginAsync(guarded);
        }
    }

    [Theory]
    [InlineData("recovery code")]
    [InlineData("new password")]
    [InlineData("administrator")]
    public async Task Something_else_lifts_it(string how)
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        var (codes, person) = (await host.RecoveryCodesAsync(guarded), guarded.Person);
        await SetAsync(guarded, "100");
        await host.TryAnswerAsync(await host.ChallengeAsync(person), host.NextCode(guarded)).ExpectAsync(HttpStatusCode.TooManyRequests);
        var (admin, path) = (await host.AdminTokenAsync(), Administration.PathOf(person.Id));

        switch (how)
        {
            case "recovery code":
                await host.ExpectWrongAsync(await host.ChallengeAsync(person), "AAAA-AAAA-AAAA-AAAA");
                await host.TryAnswerAsync(await host.ChallengeAsync(person), codes[0]).ExpectAsync(HttpStatusCode.OK);
                break;
            case "new password":
                guarded = guarded with { Person = person with { Password = NewPassword() } };
                await host.PutAsync($"{path}/password", admin, new { password = guarded.Person.Password }).ExpectAsync(HttpStatusCode.NoContent);
                break;
            default:
                await host.DeleteAsync($"{path}/second-factors", admin).ExpectAsync(HttpStatusCode.NoContent);
                guarded = await host.GuardedAsync(person);
                break;
        }

        await host.LoginAsync(guarded);
    }

    private Task SetAsync(Guarded guarded, string value) => host.Database.ExecuteAsync(
        $"UPDATE totp_factors SET wrong_in_a_row = {value} WHERE principal_number = (SELECT number FROM principals WHERE id = '{guarded.Person.Id}')");

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : CodesInARowTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : CodesInARowTests(store.Host);
}
