using System.Net;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>When many calls use one key, one is carried out, and all get its response.</summary>
public abstract class IdempotencyRaceTests(Twins twins)
{
    [Fact]
    public Task Of_a_few_calls_with_one_key_one_makes_an_application_and_all_get_it() =>
        CreateAsync("idempotency key, a few calls", Effort.Of(200, 10_000), round => round.Between(2, 6));

    [Fact]
    public Task Of_50_calls_with_one_key_one_makes_an_application_and_all_get_it() =>
        CreateAsync("idempotency key, 50 calls", Effort.Of(4, 100), _ => 50);

    [Fact]
    public async Task Of_calls_with_one_key_one_makes_a_token_and_all_get_it()
    {
        var service = await twins.One.NewServiceTokenAsync();
        var application = await twins.One.CreateApplicationAsync(service);
        var before = await twins.One.Database.CountAsync("app_tokens");

        var (rounds, _) = await twins.PlayAsync("idempotency key, app tokens", Effort.Of(20, 1_000), async round =>
        {
            var key = NewName("key");

            var answers = await round.AtOnceAsync(round.Between(2, 10), (instance, _) =>
                AnswerAsync(instance.PostWithKeyAsync(DashboardOf(application.Id), service, key)));

            Assert.Equal(HttpStatusCode.OK, Assert.Single(answers.Distinct()).Status);
        });

        Assert.Equal(before + rounds, await twins.One.Database.CountAsync("app_tokens"));
    }

    [Fact]
    public async Task Of_logouts_with_one_key_all_get_204()
    {
        var service = await twins.One.NewServiceTokenAsync();
        var application = await twins.One.CreateApplicationAsync(service);
        await twins.PlayAsync("idempotency key, logout", Effort.Of(20, 1_000), async round =>
        {
            var key = NewName("key");
            var token = (await round.Either().OpenDashboardAsync(service, application)).Token;

            var answers = await round.AtOnceAsync(round.Between(2, 10), (instance, _) => AnswerAsync(instance.PostWithKeyAsync(Logout, token, key)));

            Assert.Equal(HttpStatusCode.NoContent, Assert.Single(answers.Distinct()).Status);
            await round.Either().ExpectRefusedAsync(token, application);
        });
    }

    [Fact]
    public async Task Of_calls_with_one_key_and_two_bodies_one_body_wins_and_the_other_is_422()
    {
        var service = await twins.One.NewServiceTokenAsync();
        var before = await twins.One.Database.CountAsync("applications");

        var (rounds, _) = await twins.PlayAsync("idempotency key, two bodies", Effort.Of(40, 2_000), async round =>
        {
            var (key, pairs) = (NewName("key"), round.Between(1, 4));

            var answers = await round.AtOnceAsync(2 * pairs, (instance, caller) =>
                AnswerAsync(instance.PostWithKeyAsync(AppTokenCalls.Applications, service, key, new { name = caller % 2 == 0 ? "one" : "two" })));

            Assert.Equal(pairs, answers.Count(answer => answer.Status is HttpStatusCode.UnprocessableEntity));
            var done = Assert.Single(answers.Where(answer => answer.Status is not HttpStatusCode.UnprocessableEntity).Distinct());
            Assert.Equal(HttpStatusCode.Created, done.Status);
        });

        Assert.Equal(before + rounds, await twins.One.Database.CountAsync("applications"));
    }

    private async Task CreateAsync(string race, int rounds, Func<Round, int> callersOf)
    {
        var service = await twins.One.NewServiceTokenAsync();
        var before = await twins.One.Database.CountAsync("applications");

        var (played, _) = await twins.PlayAsync(race, rounds, async round =>
        {
            var key = NewName("key");

            var answers = await round.AtOnceAsync(callersOf(round), (instance, _) =>
                AnswerAsync(instance.PostWithKeyAsync(AppTokenCalls.Applications, service, key, new { name = key })));

            Assert.Equal(HttpStatusCode.Created, Assert.Single(answers.Distinct()).Status);
        });

        Assert.Equal(before + played, await twins.One.Database.CountAsync("applications"));
    }

    private static async Task<(HttpStatusCode Status, string Body)> AnswerAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : IdempotencyRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : IdempotencyRaceTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : IdempotencyRaceTests(twins);
}
