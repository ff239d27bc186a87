using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>A session acts as one person at a time, whichever instance is called.</summary>
public abstract class ImpersonationRaceTests(Twins twins)
{
    private static readonly int Rounds = Effort.Of(20, 1_000);

    [Fact]
    public async Task Of_many_impersonations_exactly_one_succeeds()
    {
        var people = await PeopleAsync(6);
        await twins.PlayAsync("impersonations of one session", Rounds, async round =>
        {
            var (administrator, acting) = await round.Either().ImpersonatorAsync();
            var other = await round.Either().LoginAsync(administrator);

            var answers = await round.AtOnceAsync(round.Between(2, people.Length), (instance, i) =>
                CodeOfAsync(instance.TryImpersonateAsync(other.AccessToken, acting.SessionId, people[i].Uuid)));

            Assert.Single(answers, "OK");
            Assert.Equal(answers.Length - 1, answers.Count(answer => answer is "SESSION_ALREADY_IMPERSONATED"));
            Assert.Equal(people[Array.IndexOf(answers, "OK")].Id, await SubjectAsync(round, acting));
        });
    }

    [Fact]
    public async Task Of_many_reversions_exactly_one_succeeds()
    {
        var service = await twins.One.NewServiceTokenAsync();
        var people = await PeopleAsync(1);
        await twins.PlayAsync("reversions of one session", Rounds, async round =>
        {
            var (administrator, acting) = await round.Either().ImpersonatorAsync();
            await round.Either().ImpersonateAsync(acting.AccessToken, acting.SessionId, people[0]);

            var answers = await round.AtOnceAsync(round.Between(2, 6), (instance, _) => CodeOfAsync(instance.TryRevertAsync(service, acting.SessionId)));

            Assert.Single(answers, "OK");
            Assert.Equal(answers.Length - 1, answers.Count(answer => answer is "SESSION_NOT_IMPERSONATED"));
            Assert.Equal(administrator.Id, await SubjectAsync(round, acting));
        });
    }

    [Fact]
    public async Task Impersonations_and_reversions_together_leave_what_their_answers_say()
    {
        var service = await twins.One.NewServiceTokenAsync();
        var people = await PeopleAsync(2);
        await twins.PlayAsync("impersonation against reversion", Rounds, async round =>
        {
            var (administrator, acting) = await round.Either().ImpersonatorAsync();
            await round.Either().ImpersonateAsync(acting.AccessToken, acting.SessionId, people[0]);
            var other = await round.Either().LoginAsync(administrator);

            var answers = await round.AtOnceAsync(2, (instance, caller) => CodeOfAsync(caller == 0
                ? instance.TryImpersonateAsync(other.AccessToken, acting.SessionId, people[1].Uuid)
                : instance.TryRevertAsync(service, acting.SessionId)));

            Assert.Equal("OK", answers[1]);
            Assert.True(answers[0] is "OK" or "SESSION_ALREADY_IMPERSONATED", answers[0]);
            var claims = Requests.ClaimsOf(await round.Either().RefreshAsync(acting.RefreshToken));
            Assert.Equal(answers[0] is "OK" ? people[1].Id : administrator.Id, claims.Text("sub"));
            Assert.Equal(answers[0] is "OK", claims.TryGetProperty("act", out _));
        });
    }

    [Fact]
    public async Task A_refresh_that_races_an_impersonation_leaves_no_token_of_the_administrators_behind()
    {
        var person = (await PeopleAsync(1))[0];
        await twins.PlayAsync("refresh against impersonation", Rounds, async round =>
        {
            var (_, acting) = await round.Either().ImpersonatorAsync();
            var refreshing = round.Start(round.Between(2, 6), (instance, _) => instance.RefreshAsync(acting.RefreshToken));
            await round.PauseAsync();
            await round.Either().ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

            Assert.Equal(person.Id, await SubjectAsync(round, acting));
            foreach (var token in await Task.WhenAll(refreshing))
            {
                using var response = await round.Either().GetAsync("/auth/sessions", token);
                var isTheOthers = Requests.ClaimsOf(token).Text("sub") == person.Id;
                Assert.Equal(isTheOthers ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
            }
        });
    }

    [Fact]
    public async Task An_impersonation_that_races_the_loss_of_the_right_does_not_come_back_with_it()
    {
        var admin = await twins.One.AdminTokenAsync();
        var person = (await PeopleAsync(1))[0];
        await twins.PlayAsync("impersonation against the loss of the right", Rounds, async round =>
        {
            var (administrator, acting) = await round.Either().ImpersonatorAsync();
            var path = $"/admin/principals/{administrator.Id}";

            var lending = round.Start(1, (instance, _) => instance.TryImpersonateAsync(acting.AccessToken, acting.SessionId, person.Uuid))[0];
            await round.PauseAsync();
            await round.Either().PatchAsync(path, admin, new { canImpersonate = false }).ExpectAsync(HttpStatusCode.OK);
            using var lent = await lending;
            await round.Either().PatchAsync(path, admin, new { canImpersonate = true }).ExpectAsync(HttpStatusCode.OK);

            Assert.True(lent.StatusCode is HttpStatusCode.OK or HttpStatusCode.Forbidden or HttpStatusCode.NotFound, $"{lent.StatusCode}");
            using var refreshed = await round.Either().TryRefreshAsync(acting.RefreshToken);
            if (refreshed.StatusCode is HttpStatusCode.OK)
                Assert.Equal(administrator.Id, Requests.ClaimsOf((await refreshed.ExpectAsync(HttpStatusCode.OK)).Text("accessToken")).Text("sub"));
        });
    }

    /// <summary>Gets the subject of the tokens that the session gets now.</summary>
    private static async Task<string> SubjectAsync(Round round, SignedIn session) =>
        Requests.ClaimsOf(await round.Either().RefreshAsync(session.RefreshToken)).Text("sub");

    private static async Task<string> CodeOfAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return response.StatusCode is HttpStatusCode.OK ? "OK" : (await response.ExpectAsync(HttpStatusCode.Conflict)).Text("message");
    }

    private async Task<Person[]> PeopleAsync(int count)
    {
        var people = new Person[count];
        for (var i = 0; i < count; i++)
            people[i] = await twins.One.CreatePersonAsync();
        return people;
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : ImpersonationRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : ImpersonationRaceTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : ImpersonationRaceTests(twins);
}
