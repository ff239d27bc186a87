using System.Net;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>Two instances on one database: of many calls with one key one is done, and all get its answer.</summary>
public abstract class IdempotencyRaceTests(AuthHost host)
{
    private const int Calls = 50;

    [Fact]
    public async Task Of_50_parallel_calls_with_one_key_one_makes_an_application_and_all_get_it()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, key) = (await host.NewServiceTokenAsync(), NewName("key"));
        var before = await host.Database.CountAsync("applications");

        var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => AnswerAsync(
            (i % 2 == 0 ? host : twin).PostWithKeyAsync(AppTokenCalls.Applications, service, key, new { name = "n" }))));

        Assert.Equal(HttpStatusCode.Created, Assert.Single(answers.Distinct()).Status);
        Assert.Equal(before + 1, await host.Database.CountAsync("applications"));
    }

    [Fact]
    public async Task Of_50_parallel_calls_with_one_key_one_makes_a_token_and_all_get_it()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, key) = (await host.NewServiceTokenAsync(), NewName("key"));
        var application = await host.CreateApplicationAsync(service);
        var before = await host.Database.CountAsync("app_tokens");

        var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => AnswerAsync(
            (i % 2 == 0 ? host : twin).PostWithKeyAsync(DashboardOf(application.Id), service, key))));

        Assert.Equal(HttpStatusCode.OK, Assert.Single(answers.Distinct()).Status);
        Assert.Equal(before + 1, await host.Database.CountAsync("app_tokens"));
    }

    [Fact]
    public async Task Of_50_parallel_logouts_with_one_key_all_get_204()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, key) = (await host.NewServiceTokenAsync(), NewName("key"));
        var application = await host.CreateApplicationAsync(service);
        var token = (await host.OpenDashboardAsync(service, application)).Token;

        var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => AnswerAsync(
            (i % 2 == 0 ? host : twin).PostWithKeyAsync(Logout, token, key))));

        Assert.Equal(HttpStatusCode.NoContent, Assert.Single(answers.Distinct()).Status);
        await twin.ExpectDeadAsync(token, application);
    }

    [Fact]
    public async Task Of_parallel_calls_with_one_key_and_two_bodies_one_body_wins_and_the_other_is_422()
    {
        await using var twin = await host.StartTwinAsync();
        var service = await host.NewServiceTokenAsync();
        for (var round = 0; round < 10; round++)
        {
            var (key, before) = (NewName("key"), await host.Database.CountAsync("applications"));

            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AnswerAsync(
                (i % 2 == 0 ? host : twin).PostWithKeyAsync(AppTokenCalls.Applications, service, key, new { name = i % 4 < 2 ? "one" : "two" }))));

            Assert.Equal(4, answers.Count(answer => answer.Status is HttpStatusCode.UnprocessableEntity));
            var done = Assert.Single(answers.Where(answer => answer.Status is not HttpStatusCode.UnprocessableEntity).Distinct());
            Assert.Equal(HttpStatusCode.Created, done.Status);
            Assert.Equal(before + 1, await host.Database.CountAsync("applications"));
        }
    }

    [Fact]
    public async Task Many_keys_at_once_are_each_done_once()
    {
        await using var twin = await host.StartTwinAsync();
        var service = await host.NewServiceTokenAsync();
        var keys = Enumerable.Range(0, 20).Select(_ => NewName("key")).ToArray();
        var before = await host.Database.CountAsync("applications");

        var answers = await Task.WhenAll(keys.SelectMany(key => new[] { host, twin, host }, async (key, instance) =>
            (Key: key, Answer: await AnswerAsync(instance.PostWithKeyAsync(AppTokenCalls.Applications, service, key, new { name = key })))));

        Assert.All(answers.GroupBy(answer => answer.Key, StringComparer.Ordinal), group => Assert.Single(group.Select(answer => answer.Answer).Distinct()));
        Assert.Equal(before + keys.Length, await host.Database.CountAsync("applications"));
    }

    private static async Task<(HttpStatusCode Status, string Body)> AnswerAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : IdempotencyRaceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : IdempotencyRaceTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : IdempotencyRaceTests(store.Host);
}
