using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>The concurrent-access limit is exact, whichever instance is called.</summary>
public abstract class ProductAccessRaceTests(Twins twins)
{
    private const int Limit = 3;

    [Fact]
    public Task Of_a_few_sessions_at_once_exactly_three_are_enabled() =>
        EnableAsync("concurrent access, a few sessions", Effort.Of(200, 10_000), round => round.Between(Limit + 1, Limit + 2));

    [Fact]
    public Task Of_50_sessions_at_once_exactly_three_are_enabled() =>
        EnableAsync("concurrent access, 50 sessions", Effort.Of(4, 100), _ => 50);

    [Fact]
    public async Task When_the_oldest_give_way_exactly_three_stay()
    {
        var service = await twins.One.NewServiceTokenAsync();
        await twins.PlayAsync("concurrent access, the oldest give way", Effort.Of(40, 2_000), async round =>
        {
            var ids = await OpenAsync(round, service, round.Between(Limit + 1, Limit + 5));

            var answers = await round.AtOnceAsync(ids.Length, (instance, i) => EnableAsync(instance, service, ids[i], disableOldest: true));

            Assert.All(answers, answer => Assert.Equal("NoContent", answer));
            Assert.Equal(Limit, (await EnabledAsync(round, service, ids)).Length);
        });
    }

    [Fact]
    public async Task One_session_that_asks_many_times_counts_once()
    {
        var service = await twins.One.NewServiceTokenAsync();
        await twins.PlayAsync("concurrent access, one session", Effort.Of(20, 1_000), async round =>
        {
            var ids = await OpenAsync(round, service, Limit + 1);

            var answers = await round.AtOnceAsync(round.Between(2, 8), (instance, _) => EnableAsync(instance, service, ids[0], disableOldest: null));

            Assert.All(answers, answer => Assert.Equal("NoContent", answer));
            foreach (var id in ids[1..Limit])
                await round.Either().EnableForAsync(service, id);
            await round.Either().TryEnableForAsync(service, ids[Limit]).CodeAsync(HttpStatusCode.Conflict, "CONCURRENT_ACCESS");
        });
    }

    private async Task EnableAsync(string race, int rounds, Func<Round, int> sessionsOf)
    {
        var service = await twins.One.NewServiceTokenAsync();
        await twins.PlayAsync(race, rounds, async round =>
        {
            var ids = await OpenAsync(round, service, sessionsOf(round));

            var answers = await round.AtOnceAsync(ids.Length, (instance, i) => EnableAsync(instance, service, ids[i], disableOldest: null));

            Assert.Equal(Limit, answers.Count(answer => answer is "NoContent"));
            Assert.All(answers, answer => Assert.True(answer is "NoContent" or "CONCURRENT_ACCESS", answer));
            Assert.Equal(ids.Where((_, i) => answers[i] is "NoContent").ToArray(), await EnabledAsync(round, service, ids));
        });
    }

    private static async Task<string> EnableAsync(AuthHost instance, string service, string id, bool? disableOldest)
    {
        using var response = await Repeats.WhileUnavailableAsync(() => instance.TryEnableForAsync(service, id, disableOldest));
        return response.StatusCode is HttpStatusCode.Conflict
            ? (await response.ExpectAsync(HttpStatusCode.Conflict)).Text("message")
            : response.StatusCode.ToString();
    }

    /// <summary>Opens the sessions of one person who may use three at a time and never signs in.</summary>
    private static async Task<string[]> OpenAsync(Round round, string service, int count)
    {
        var person = await round.Either().CreateAsync(new
        {
            id = NewName("person"),
            services = new[] { new { serviceName = SessionCalls.Connect, maxConcurrentAccess = Limit } },
        });
        return await round.AtOnceAsync(count, async (instance, _) =>
            (await instance.TryOpenAsync(service, person.Text("uuid")).ExpectAsync(HttpStatusCode.Created)).Text("sessionId"));
    }

    private static async Task<string[]> EnabledAsync(Round round, string service, string[] ids)
    {
        var enabled = await round.AtOnceAsync(ids.Length, (instance, i) => instance.HasAccessAsync(service, ids[i]));
        return [.. ids.Where((_, i) => enabled[i])];
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : ProductAccessRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : ProductAccessRaceTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : ProductAccessRaceTests(twins);
}
