using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>Passkeys are used at the same time, on both instances.</summary>
public abstract class PasskeyRaceTests(Twins twins)
{
    private const int Most = 20;

    [Fact]
    public Task Of_a_few_answers_with_one_signature_one_makes_a_session() =>
        AnswerAsync("one passkey's signature, a few at once", Effort.Of(20, 2_000), round => round.Between(2, 5));

    [Fact]
    public Task Of_100_answers_with_one_signature_one_makes_a_session() =>
        AnswerAsync("one passkey's signature, 100 at once", Effort.Of(2, 100), _ => 100);

    [Fact]
    public Task One_challenge_makes_one_passkey() => twins.PlayAsync("one new passkey, a few at once", Effort.Of(10, 1_000), async round =>
    {
        using var authenticator = new SoftwareAuthenticator();
        var token = (await twins.One.SignedInPersonAsync()).AccessToken;
        var prompt = await round.Either().NewPasskeyPromptAsync(token);
        var credential = authenticator.Create(prompt.Options);
        var unavailable = 0;

        var statuses = await round.AtOnceAsync(round.Between(2, 5), (instance, _) =>
            StatusAsync(() => instance.TryAddPasskeyAsync(token, prompt, credential), () => Interlocked.Increment(ref unavailable)));

        var made = statuses.Count(status => status is HttpStatusCode.Created);
        Assert.InRange(made, unavailable > 0 ? 0 : 1, 1);
        Assert.Equal(made, (await round.Either().PasskeysAsync(token)).Length);
    });

    /// <summary>A sign-in before the removal has created a session, which the removal keeps. A sign-in after it creates none.</summary>
    [Fact]
    public Task Once_its_owner_has_removed_it_it_makes_no_session() =>
        twins.PlayAsync("passkey, removal by its owner against use", Effort.Of(20, 2_000), async round =>
        {
            using var authenticator = new SoftwareAuthenticator();
            var (person, session) = await twins.One.PasskeyOwnerAsync(authenticator);
            var id = Assert.Single(await round.Either().PasskeysAsync(session.AccessToken)).Text("id");
            var prompt = await round.Either().PasskeyPromptAsync();
            var credential = authenticator.Get(prompt.Options);

            var signingIn = round.Start(1, (instance, _) => StatusAsync(() => instance.TryPasskeyLoginAsync(prompt, credential)))[0];
            await round.PauseAsync();
            await round.Either().DeleteAsync($"{PasskeyCalls.Own}/{id}", session.AccessToken).ExpectAsync(HttpStatusCode.NoContent);

            var made = await signingIn is HttpStatusCode.OK ? 1 : 0;
            var signIns = $"audit_events WHERE principal = '{person.Id}' AND event = 'sign_in' AND outcome = 0";
            Assert.Equal(1 + made, await twins.One.Database.CountAsync(signIns));
            Assert.Equal(1 + made, await twins.One.Database.CountAsync(
                $"{signIns} AND number < (SELECT number FROM audit_events WHERE principal = '{person.Id}' AND event = 'passkey_removed')"));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(() => round.Either().TryLoginAsync(authenticator)));
        });

    [Fact]
    public Task Once_an_administrator_has_removed_it_it_makes_no_session_that_holds() =>
        twins.PlayAsync("passkey, removal by an administrator against use", Effort.Of(10, 1_000), async round =>
        {
            using var authenticator = new SoftwareAuthenticator();
            var (person, _) = await twins.One.PasskeyOwnerAsync(authenticator);
            var prompt = await round.Either().PasskeyPromptAsync();
            var credential = authenticator.Get(prompt.Options);
            var admin = await twins.One.AdminTokenAsync();

            var signingIn = round.Start(1, (instance, _) => instance.TryPasskeyLoginAsync(prompt, credential))[0];
            await round.PauseAsync();
            await round.Either().DeleteAsync($"{Administration.PathOf(person.Id)}/second-factors", admin).ExpectAsync(HttpStatusCode.NoContent);

            using var answer = await signingIn;
            if (answer.StatusCode is HttpStatusCode.OK)
            {
                var refreshToken = (await answer.ExpectAsync(HttpStatusCode.OK)).Text("refreshToken");
                await round.Either().TryRefreshAsync(refreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
            }

            await round.Either().TryLoginAsync(authenticator).ExpectIncorrectAsync();
        });

    [Fact]
    public Task However_many_are_made_at_once_nobody_has_more_than_twenty() =>
        twins.PlayAsync("the last passkeys at once", Effort.Of(4, 200), async round =>
        {
            var (token, there) = ((await twins.One.SignedInPersonAsync()).AccessToken, Most - round.Between(1, 3));
            for (var i = 0; i < there; i++)
            {
                using var one = new SoftwareAuthenticator();
                await round.Either().AddPasskeyAsync(token, one);
            }

            var callers = round.Between(4, 8);
            var made = await round.AtOnceAsync(callers, (instance, _) => AddAsync(instance, token));

            Assert.Equal(Most - there, made.Count(status => status is HttpStatusCode.Created));
            Assert.Equal(callers - (Most - there), made.Count(status => status is HttpStatusCode.Conflict));
            Assert.Equal(Most, (await round.Either().PasskeysAsync(token)).Length);
        });

    /// <summary>Runs one race. A call that gets 503 may have used the challenge up. Then all calls come too late, and no session is created.</summary>
    private async Task AnswerAsync(string race, int rounds, Func<Round, int> callersOf) => await twins.PlayAsync(race, rounds, async round =>
    {
        using var authenticator = new SoftwareAuthenticator { IsSynced = round.Maybe() };
        var (person, _) = await twins.One.PasskeyOwnerAsync(authenticator);
        var prompt = await round.Either().PasskeyPromptAsync();
        var credential = authenticator.Get(prompt.Options);
        var (callers, unavailable) = (callersOf(round), 0);

        var statuses = await round.AtOnceAsync(callers, (instance, _) =>
            StatusAsync(() => instance.TryPasskeyLoginAsync(prompt, credential), () => Interlocked.Increment(ref unavailable)));

        var made = statuses.Count(status => status is HttpStatusCode.OK);
        Assert.InRange(made, unavailable > 0 ? 0 : 1, 1);
        Assert.Equal(callers - made, statuses.Count(status => status is HttpStatusCode.Unauthorized));
        Assert.Equal(1 + made, await twins.One.Database.CountAsync(
            $"sessions JOIN principals ON number = principal_number WHERE principals.id = '{person.Id}'"));
    });

    private static async Task<HttpStatusCode> AddAsync(AuthHost instance, string token)
    {
        using var authenticator = new SoftwareAuthenticator();
        return await StatusAsync(async () =>
        {
            var prompt = await instance.NewPasskeyPromptAsync(token);
            return await instance.TryAddPasskeyAsync(token, prompt, authenticator.Create(prompt.Options));
        });
    }

    private static async Task<HttpStatusCode> StatusAsync(Func<Task<HttpResponseMessage>> send, Action? onUnavailable = null)
    {
        using var response = await Repeats.WhileUnavailableAsync(async () =>
        {
            var answer = await send();
            if (answer.StatusCode is HttpStatusCode.ServiceUnavailable)
                onUnavailable?.Invoke();
            return answer;
        });
        return response.StatusCode;
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : PasskeyRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : PasskeyRaceTests(twins);
}
