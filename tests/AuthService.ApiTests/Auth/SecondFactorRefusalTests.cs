using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.SecondFactorCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>Wrong codes and challenges are refused, and their number is limited.</summary>
public abstract class SecondFactorRefusalTests(AuthHost host)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("")]
    [InlineData("abcdef")]
    [InlineData("\u0661\u0662\u0663\u0664\u0665\u0666")]
    [InlineData("aaaa-aaaa-aaaa-aaaa")]
    [InlineData(-1)]
    [InlineData(1.5)]
    [InlineData(12345678901234567890.0)]
    [InlineData(1e300)]
    public async Task What_is_no_code_is_a_wrong_one(object code)
    {
        var guarded = await host.GuardedAsync();

        await host.ExpectWrongAsync(await host.ChallengeAsync(guarded.Person), code);
    }

    [Theory]
    [InlineData("2fa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("nonsense")]
    [InlineData("")]
    public Task What_is_no_challenge_has_no_right_code(string challenge) => host.ExpectWrongAsync(challenge, "123456");

    [Fact]
    public async Task Nothing_is_asked_without_a_code_or_a_challenge()
    {
        Assert.Equal("verificationCode is missing", (await host.TryAnswerAsync("x", code: null).ExpectAsync(HttpStatusCode.BadRequest)).Text("why"));
        var noChallenge = await host.PostAsync(Challenge, json: new { verificationCode = "1" }).ExpectAsync(HttpStatusCode.BadRequest);
        Assert.Equal("challengeId is missing", noChallenge.Text("why"));
        await host.TryAnswerAsync("x", code: true).ExpectAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_challenge_takes_five_wrong_codes_and_lives_ten_minutes()
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        var (tried, late) = (await host.ChallengeAsync(guarded.Person), await host.ChallengeAsync(guarded.Person));
        for (var i = 0; i < 5; i++)
            await host.ExpectWrongAsync(tried, "000000");

        await host.ExpectWrongAsync(tried, host.NextCode(guarded));
        host.Clock.Advance(TimeSpan.FromMinutes(10) - Step - TimeSpan.FromSeconds(1));
        var inTime = await host.TryAnswerAsync(late, guarded.CodeAt(host.Clock.GetUtcNow())).ExpectAsync(HttpStatusCode.OK);
        Assert.NotEmpty(inTime.Text("accessToken"));

        var tooLate = await host.ChallengeAsync(guarded.Person);
        host.Clock.Advance(TimeSpan.FromMinutes(10));
        await host.ExpectWrongAsync(tooLate, guarded.CodeAt(host.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task Twenty_wrong_codes_in_an_hour_close_the_second_step_for_an_hour_and_never_the_password()
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        await GuessAsync(guarded, 20);

        var last = await host.ChallengeAsync(guarded.Person);
        using (var closed = await host.TryAnswerAsync(last, host.NextCode(guarded)))
        {
            Assert.Equal("SECOND_FACTOR_LOCKED", (await closed.ExpectAsync(HttpStatusCode.TooManyRequests)).Text("errorCode"));
            Assert.Equal(TimeSpan.FromHours(1) - Step, closed.Headers.RetryAfter?.Delta);
        }

        Assert.Single(await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={guarded.Person.Id}&event=second_factor_closed"));
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.LoginAsync(guarded);
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(61, false)]
    public async Task Wrong_codes_count_together_until_an_hour_has_passed_without_one(int minutes, bool closes)
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        await GuessAsync(guarded, 19);
        host.Clock.Advance(TimeSpan.FromMinutes(minutes));
        await GuessAsync(guarded, 1);

        var next = await host.ChallengeAsync(guarded.Person);
        await host.TryAnswerAsync(next, host.NextCode(guarded)).ExpectAsync(closes ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK);
    }

    /// <summary>The code is not checked, so it does not count as wrong. One more wrong code would lock the second step.</summary>
    [Fact]
    public async Task A_code_for_a_locked_name_does_not_count()
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        await GuessAsync(guarded, 19);
        var challenge = await host.ChallengeAsync(guarded.Person);
        await host.FailAsync(guarded.Person.Id, 5);

        var code = guarded.CodeAt(host.Clock.GetUtcNow() + Step);
        var refusal = await host.TryAnswerAsync(challenge, code).ExpectAsync(HttpStatusCode.TooManyRequests);

        Assert.False(refusal.Text("errorCode") is "SECOND_FACTOR_LOCKED");
        await host.PostAsync($"{Administration.PathOf(guarded.Person.Id)}/unlock", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);
        await host.LoginAsync(guarded);
    }

    [Fact]
    public async Task A_challenge_is_as_good_after_a_lock_as_before_however_often_it_was_answered_meanwhile()
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        var challenge = await host.ChallengeAsync(guarded.Person);
        for (var wrong = 0; wrong < 4; wrong++)
            await host.ExpectWrongAsync(challenge, "000000");
        await host.FailAsync(guarded.Person.Id, 5);
        var code = guarded.CodeAt(host.Clock.GetUtcNow() + Step);
        for (var early = 0; early < 5; early++)
            await host.TryAnswerAsync(challenge, code).ExpectAsync(HttpStatusCode.TooManyRequests);

        host.Clock.Advance(TimeSpan.FromSeconds(5));

        await host.TryAnswerAsync(challenge, code).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_challenge_is_void_after_a_change_of_the_person()
    {
        var guarded = await host.GuardedAsync();
        var challenge = await host.ChallengeAsync(guarded.Person);
        await host.PatchAsync(Administration.PathOf(guarded.Person.Id), await host.AdminTokenAsync(), new { state = "DISABLED" })
            .ExpectAsync(HttpStatusCode.OK);

        await host.ExpectWrongAsync(challenge, host.NextCode(guarded));
    }

    [Fact]
    public async Task Somebody_elses_recovery_code_is_a_wrong_one()
    {
        var (one, other) = (await host.GuardedAsync(), await host.GuardedAsync());
        var codes = await host.RecoveryCodesAsync(one);

        await host.ExpectWrongAsync(await host.ChallengeAsync(other.Person), codes[0]);
        await host.TryAnswerAsync(await host.ChallengeAsync(one.Person), codes[0]).ExpectAsync(HttpStatusCode.OK);
    }

    /// <summary>Sends this number of wrong codes, five for each challenge.</summary>
    private async Task GuessAsync(Guarded guarded, int codes)
    {
        for (var done = 0; done < codes; done += 5)
        {
            var challenge = await host.ChallengeAsync(guarded.Person);
            for (var i = done; i < Math.Min(done + 5, codes); i++)
                await host.ExpectWrongAsync(challenge, "000000");
        }
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : SecondFactorRefusalTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : SecondFactorRefusalTests(store.Host);
}
