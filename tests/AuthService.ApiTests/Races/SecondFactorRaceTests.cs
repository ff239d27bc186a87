using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>Codes are used at the same time, on both instances.</summary>
public abstract class SecondFactorRaceTests(Twins twins)
{
    [Fact]
    public Task Of_a_few_answers_with_one_right_code_one_makes_a_session() =>
        AnswerAsync("right codes, a few at once", Effort.Of(20, 2_000), round => round.Between(2, 5));

    [Fact]
    public Task Of_100_answers_with_one_right_code_one_makes_a_session() => AnswerAsync("right codes, 100 at once", Effort.Of(2, 100), _ => 100);

    [Fact]
    public async Task A_code_answers_one_of_many_challenges()
    {
        using var frozen = twins.One.Clock.Freeze();
        await twins.PlayAsync("one right code, many challenges", Effort.Of(10, 1_000), async round =>
        {
            var guarded = await twins.One.GuardedAsync();
            var challenges = await round.AtOnceAsync(6, (instance, _) => instance.ChallengeAsync(guarded.Person));
            var code = guarded.CodeAt(twins.One.Clock.GetUtcNow() + SecondFactorCalls.Step);

            var statuses = await round.AtOnceAsync(6, (instance, i) => StatusAsync(instance, challenges[i], code));

            Assert.Single(statuses, status => status is HttpStatusCode.OK);
            Assert.Equal(5, statuses.Count(status => status is HttpStatusCode.Unauthorized));
        });
    }

    [Fact]
    public Task A_recovery_code_answers_one_of_many_challenges() =>
        twins.PlayAsync("one recovery code, many challenges", Effort.Of(10, 1_000), async round =>
        {
            var guarded = await twins.One.GuardedAsync();
            var codes = await round.Either().RecoveryCodesAsync(guarded);
            var challenges = await round.AtOnceAsync(round.Between(2, 6), (instance, _) => instance.ChallengeAsync(guarded.Person));

            var statuses = await round.AtOnceAsync(challenges.Length, (instance, i) => StatusAsync(instance, challenges[i], codes[0]));

            Assert.Single(statuses, status => status is HttpStatusCode.OK);
            Assert.Equal(challenges.Length - 1, statuses.Count(status => status is HttpStatusCode.Unauthorized));
            Assert.Equal(9, await twins.One.Database.CountAsync(
                $"recovery_codes JOIN principals ON number = principal_number WHERE id = '{guarded.Person.Id}'"));
        });

    [Fact]
    public async Task One_first_code_connects_one_app()
    {
        using var frozen = twins.One.Clock.Freeze();
        await twins.PlayAsync("the first code of an app, a few at once", Effort.Of(10, 1_000), async round =>
        {
            var person = await twins.One.CreatePersonAsync();
            var session = await round.Either().LoginAsync(person);
            var begun = await round.Either().PostAsync(SecondFactorCalls.SetUp, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
            var app = new Guarded(person, OtpNet.Base32Encoding.ToBytes(begun.Text("secret")), session);
            var (challenge, code) = (begun.Text("challengeId"), app.CodeAt(twins.One.Clock.GetUtcNow()));
            var callers = round.Between(2, 5);

            var statuses = await round.AtOnceAsync(callers, (instance, _) => StatusAsync(instance, challenge, code));

            Assert.Single(statuses, status => status is HttpStatusCode.NoContent);
            Assert.Equal(callers - 1, statuses.Count(status => status is HttpStatusCode.Unauthorized));
            Assert.Equal(1, await twins.One.Database.CountAsync(
                $"audit_events WHERE principal = '{person.Id}' AND event = 'second_factor_connected' AND outcome = 0"));
        });
    }

    /// <summary>A sign-in before the connection has created a session, which the connection keeps. A sign-in after it creates none.</summary>
    [Fact]
    public async Task Once_an_app_is_connected_the_password_alone_makes_no_session()
    {
        using var frozen = twins.One.Clock.Freeze();
        await twins.PlayAsync("sign-ins with a password against the connection of an app", Effort.Of(20, 2_000), async round =>
        {
            var person = await twins.One.CreatePersonAsync();
            var session = await round.Either().LoginAsync(person);

            var signingIn = round.Start(3, (instance, _) => Repeats.WhileUnavailableAsync(() => instance.TryLoginAsync(person.Id, person.Password)));
            await round.PauseAsync();
            await round.Either().GuardedAsync(session, person);
            Array.ForEach(await Task.WhenAll(signingIn), answer => answer.Dispose());

            Assert.Equal(0, await twins.One.Database.CountAsync(
                $"""
                audit_events WHERE principal = '{person.Id}' AND event = 'sign_in' AND outcome = 0 AND number >
                    (SELECT number FROM audit_events WHERE principal = '{person.Id}' AND event = 'second_factor_connected' AND outcome = 0)
                """));
        });
    }

    /// <summary>All of them are refused in the same way. Codes that were checked are counted for the person.</summary>
    [Fact]
    public async Task Of_200_wrong_codes_five_are_judged()
    {
        using var frozen = twins.One.Clock.Freeze();
        await twins.PlayAsync("wrong codes, 200 at once", Effort.Of(2, 100), async round =>
        {
            var guarded = await twins.One.GuardedAsync();
            var challenge = await round.Either().ChallengeAsync(guarded.Person);

            var statuses = await round.AtOnceAsync(200, (instance, _) => StatusAsync(instance, challenge, "000000"));

            Assert.All(statuses, status => Assert.Equal(HttpStatusCode.Unauthorized, status));
            Assert.Equal(1, await twins.One.Database.CountAsync(
                $"totp_factors JOIN principals ON number = principal_number WHERE id = '{guarded.Person.Id}' AND wrong_codes = 5"));
            var right = guarded.CodeAt(twins.One.Clock.GetUtcNow() + SecondFactorCalls.Step);
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(round.Either(), challenge, right));
        });
    }

    [Fact]
    public async Task Once_it_is_removed_no_code_makes_a_session_that_holds()
    {
        using var frozen = twins.One.Clock.Freeze();
        await twins.PlayAsync("second factor, removal against use", Effort.Of(10, 1_000), async round =>
        {
            var guarded = await twins.One.GuardedAsync();
            var challenge = await round.Either().ChallengeAsync(guarded.Person);
            var admin = await twins.One.AdminTokenAsync();
            var code = guarded.CodeAt(twins.One.Clock.GetUtcNow() + SecondFactorCalls.Step);

            var answering = round.Start(1, (instance, _) => instance.TryAnswerAsync(challenge, code))[0];
            await round.PauseAsync();
            await round.Either().DeleteAsync($"{Administration.PathOf(guarded.Person.Id)}/second-factors", admin).ExpectAsync(HttpStatusCode.NoContent);

            using var answer = await answering;
            if (answer.StatusCode is HttpStatusCode.OK)
            {
                var refreshToken = (await answer.ExpectAsync(HttpStatusCode.OK)).Text("refreshToken");
                await round.Either().TryRefreshAsync(refreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
            }

            await round.Either().LoginAsync(guarded.Person);
        });
    }

    /// <summary>The app is being connected while the password is checked, and is connected before the session is created.</summary>
    [Fact]
    public async Task A_sign_in_that_waits_while_an_app_is_connected_owes_its_code()
    {
        var (guarded, person) = (await twins.One.GuardedAsync(), await twins.One.CreatePersonAsync());
        await using var connecting = await twins.One.Database.BeginAsync(
            $"""
            UPDATE principals SET locale = locale WHERE id = '{person.Id}';
            INSERT INTO totp_factors (principal_number, key_id, sealed_secret, last_step, wrong_codes, connected_at)
            SELECT (SELECT number FROM principals WHERE id = '{person.Id}'), key_id, sealed_secret, last_step, 0, connected_at
            FROM totp_factors WHERE principal_number = (SELECT number FROM principals WHERE id = '{guarded.Person.Id}')
            """);

        var call = twins.Other.TryLoginAsync(person.Id, person.Password);
        Assert.NotSame(call, await Task.WhenAny(call, Task.Delay(TimeSpan.FromSeconds(1))));
        await connecting.Transaction.CommitAsync();

        Assert.StartsWith("2fa_", (await call.ExpectAsync(HttpStatusCode.OK)).Text("2fa"), StringComparison.Ordinal);
        Assert.Equal(0, await twins.One.Database.CountAsync($"sessions JOIN principals ON number = principal_number WHERE principals.id = '{person.Id}'"));
    }

    [Fact]
    public Task However_many_make_recovery_codes_at_once_ten_are_left() =>
        twins.PlayAsync("recovery codes at once", Effort.Of(10, 1_000), async round =>
        {
            var guarded = await twins.One.GuardedAsync();
            var token = guarded.Session.AccessToken;

            var made = await round.AtOnceAsync(round.Between(2, 5), (instance, _) => instance.RecoveryCodesAsync(guarded));

            var status = await round.Either().GetAsync(SecondFactorCalls.Status, token).ExpectAsync(HttpStatusCode.OK);
            Assert.Equal(10, status.GetProperty("recoveryCodesLeft").GetInt32());
            Assert.All(made, codes => Assert.Equal(10, codes.Length));
        });

    /// <summary>Runs one race. The clock is frozen, so that a code stays right during the whole round.</summary>
    private async Task AnswerAsync(string race, int rounds, Func<Round, int> callersOf)
    {
        using var frozen = twins.One.Clock.Freeze();
        await twins.PlayAsync(race, rounds, async round =>
        {
            var guarded = await twins.One.GuardedAsync();
            var challenge = await round.Either().ChallengeAsync(guarded.Person);
            var code = guarded.CodeAt(twins.One.Clock.GetUtcNow() + SecondFactorCalls.Step);
            var callers = callersOf(round);

            var statuses = await round.AtOnceAsync(callers, (instance, _) => StatusAsync(instance, challenge, code));

            Assert.Single(statuses, status => status is HttpStatusCode.OK);
            Assert.Equal(callers - 1, statuses.Count(status => status is HttpStatusCode.Unauthorized));
        });
    }

    private static async Task<HttpStatusCode> StatusAsync(AuthHost instance, string challenge, string code)
    {
        using var response = await Repeats.WhileUnavailableAsync(() => instance.TryAnswerAsync(challenge, code));
        return response.StatusCode;
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : SecondFactorRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : SecondFactorRaceTests(twins);
}
