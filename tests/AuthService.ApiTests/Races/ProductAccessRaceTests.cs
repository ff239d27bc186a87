using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>The concurrent-access limit is exact, whichever instance is asked.</summary>
public abstract class ProductAccessRaceTests(AuthHost host)
{
    private const int Limit = 3;

    [Fact]
    public async Task Of_fifty_sessions_exactly_three_are_enabled()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, ids) = await OpenAsync(50);

        var answers = await Task.WhenAll(ids.Select((id, i) => AskAsync(i % 2 == 0 ? host : twin, service, id, disableOldest: null)));

        Assert.Equal(Limit, answers.Count(answer => answer is "NoContent"));
        Assert.Equal(50 - Limit, answers.Count(answer => answer is "CONCURRENT_ACCESS"));
        Assert.Equal(ids.Where((_, i) => answers[i] is "NoContent").ToArray(), await EnabledAsync(service, ids));
    }

    [Fact]
    public async Task When_the_oldest_give_way_exactly_three_stay()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, ids) = await OpenAsync(20);

        var answers = await Task.WhenAll(ids.Select((id, i) => AskAsync(i % 2 == 0 ? host : twin, service, id, disableOldest: true)));

        Assert.All(answers, answer => Assert.Equal("NoContent", answer));
        Assert.Equal(Limit, (await EnabledAsync(service, ids)).Length);
    }

    [Fact]
    public async Task One_session_that_asks_many_times_counts_once()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, ids) = await OpenAsync(Limit + 1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AskAsync(i % 2 == 0 ? host : twin, service, ids[0], disableOldest: null)));

        Assert.All(answers, answer => Assert.Equal("NoContent", answer));
        foreach (var id in ids[1..Limit])
            await host.EnableForAsync(service, id);
        await host.TryEnableForAsync(service, ids[Limit]).CodeAsync(HttpStatusCode.Conflict, "CONCURRENT_ACCESS");
    }

    private static async Task<string> AskAsync(AuthHost instance, string service, string id, bool? disableOldest)
    {
        using var response = await instance.TryEnableForAsync(service, id, disableOldest);
        return response.StatusCode is HttpStatusCode.Conflict
            ? (await response.ExpectAsync(HttpStatusCode.Conflict)).Text("message")
            : response.StatusCode.ToString();
    }

    private async Task<(string Service, string[] Ids)> OpenAsync(int count)
    {
        var service = await host.NewServiceTokenAsync();
        var person = await host.CreatePersonAsync(new()
        {
            ["services"] = new JsonArray(new JsonObject { ["serviceName"] = SessionCalls.Connect, ["maxConcurrentAccess"] = Limit }),
        });
        var ids = new string[count];
        for (var i = 0; i < count; i++)
            ids[i] = await host.OpenAsync(service, person);
        return (service, ids);
    }

    private async Task<string[]> EnabledAsync(string service, string[] ids)
    {
        var enabled = new List<string>();
        foreach (var id in ids)
        {
            if (await host.HasAccessAsync(service, id))
                enabled.Add(id);
        }

        return [.. enabled];
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ProductAccessRaceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ProductAccessRaceTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : ProductAccessRaceTests(store.Host);
}
