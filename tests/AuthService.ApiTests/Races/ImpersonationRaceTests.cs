using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>A session acts as one person at a time, whichever instance is asked.</summary>
public abstract class ImpersonationRaceTests(AuthHost host)
{
    private const int Attempts = 8;
    private const int Rounds = 4;

    [Fact]
    public async Task Of_many_impersonations_exactly_one_succeeds()
    {
        await using var twin = await host.StartTwinAsync();
        var service = await host.NewServiceTokenAsync();
        var people = await PeopleAsync(Attempts);
        for (var round = 0; round < Rounds; round++)
        {
            var (_, acting) = await host.ImpersonatorAsync();

            var answers = await Task.WhenAll(people.Select((person, i) =>
                CodeOfAsync((i % 2 == 0 ? host : twin).TryImpersonateAsync(service, acting.SessionId, person.Uuid))));

            Assert.Single(answers, "OK");
            Assert.Equal(Attempts - 1, answers.Count(answer => answer is "SESSION_ALREADY_IMPERSONATED"));
            var winner = people[Array.IndexOf(answers, "OK")];
            Assert.Equal(winner.Id, Requests.ClaimsOf(await twin.RefreshAsync(acting.RefreshToken)).Text("sub"));
        }
    }

    [Fact]
    public async Task Of_many_reversions_exactly_one_succeeds()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await host.ImpersonateAsync(service, acting.SessionId, person);

            var answers = await Task.WhenAll(Enumerable.Range(0, Attempts).Select(i => CodeOfAsync((i % 2 == 0 ? host : twin).TryRevertAsync(service, acting.SessionId))));

            Assert.Single(answers, "OK");
            Assert.Equal(Attempts - 1, answers.Count(answer => answer is "SESSION_NOT_IMPERSONATED"));
            Assert.Equal(administrator.Id, Requests.ClaimsOf(await twin.RefreshAsync(acting.RefreshToken)).Text("sub"));
        }
    }

    [Fact]
    public async Task Impersonations_and_reversions_together_leave_what_their_answers_say()
    {
        await using var twin = await host.StartTwinAsync();
        var service = await host.NewServiceTokenAsync();
        var people = await PeopleAsync(2);
        var (administrator, acting) = await host.ImpersonatorAsync();
        for (var round = 0; round < 2 * Rounds; round++)
        {
            await host.ImpersonateAsync(service, acting.SessionId, people[0]);

            var lending = CodeOfAsync(twin.TryImpersonateAsync(service, acting.SessionId, people[1].Uuid));
            var giving = CodeOfAsync(host.TryRevertAsync(service, acting.SessionId));

            Assert.Equal("OK", await giving);
            var lent = await lending;
            Assert.True(lent is "OK" or "SESSION_ALREADY_IMPERSONATED", lent);
            var claims = Requests.ClaimsOf(await host.RefreshAsync(acting.RefreshToken));
            Assert.Equal(lent is "OK" ? people[1].Id : administrator.Id, claims.Text("sub"));
            Assert.Equal(lent is "OK", claims.TryGetProperty("act", out _));
            if (lent is "OK")
                await host.TryRevertAsync(service, acting.SessionId).ExpectAsync(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_refresh_that_races_an_impersonation_leaves_no_token_of_the_administrators_behind()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (_, acting) = await host.ImpersonatorAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var refreshing = Enumerable.Range(0, Attempts).Select(i => (i % 2 == 0 ? host : twin).RefreshAsync(acting.RefreshToken)).ToArray();
            await host.ImpersonateAsync(service, acting.SessionId, person);

            Assert.Equal(person.Id, Requests.ClaimsOf(await twin.RefreshAsync(acting.RefreshToken)).Text("sub"));
            foreach (var token in await Task.WhenAll(refreshing))
            {
                using var response = await twin.GetAsync("/auth/sessions", token);
                var isTheOthers = Requests.ClaimsOf(token).Text("sub") == person.Id;
                Assert.Equal(isTheOthers ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
            }

            await host.TryRevertAsync(service, acting.SessionId).ExpectAsync(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task An_impersonation_that_races_the_loss_of_the_right_does_not_come_back_with_it()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, person, admin) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync(), await host.AdminTokenAsync());
        for (var round = 0; round < 2 * Rounds; round++)
        {
            var (administrator, acting) = await host.ImpersonatorAsync();
            var path = $"/admin/principals/{administrator.Id}";

            var lending = twin.TryImpersonateAsync(service, acting.SessionId, person.Uuid);
            await host.PatchAsync(path, admin, new { canImpersonate = false }).ExpectAsync(HttpStatusCode.OK);
            using var lent = await lending;
            await host.PatchAsync(path, admin, new { canImpersonate = true }).ExpectAsync(HttpStatusCode.OK);

            Assert.True(lent.StatusCode is HttpStatusCode.OK or HttpStatusCode.Forbidden or HttpStatusCode.NotFound, $"{lent.StatusCode}");
            using var refreshed = await twin.TryRefreshAsync(acting.RefreshToken);
            if (refreshed.StatusCode is HttpStatusCode.OK)
                Assert.Equal(administrator.Id, Requests.ClaimsOf((await refreshed.ExpectAsync(HttpStatusCode.OK)).Text("accessToken")).Text("sub"));
        }
    }

    private static async Task<string> CodeOfAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return response.StatusCode is HttpStatusCode.OK ? "OK" : (await response.ExpectAsync(HttpStatusCode.Conflict)).Text("message");
    }

    private async Task<Person[]> PeopleAsync(int count)
    {
        var people = new Person[count];
        for (var i = 0; i < count; i++)
            people[i] = await host.CreatePersonAsync();
        return people;
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ImpersonationRaceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ImpersonationRaceTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : ImpersonationRaceTests(store.Host);
}
