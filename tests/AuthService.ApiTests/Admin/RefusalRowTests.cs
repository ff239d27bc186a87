using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Admin;

/// <summary>Refusals are recorded: only a few of a flood, and all of those that an instance still holds when it stops.</summary>
public abstract class RefusalRowTests(AuthHost host)
{
    private const string Unknown = "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    /// <summary>An address gets a hundred rows at first, and two more each second. The metrics still count every refusal.</summary>
    [Fact]
    public async Task A_flood_from_one_address_is_counted_and_leaves_few_rows()
    {
        await using var own = await host.StartAnotherAsync();
        using var metrics = own.RecordMetrics();
        using var frozen = own.Clock.Freeze();

        await Parallel.ForEachAsync(Enumerable.Range(0, 400), async (_, _) => await own.TryRefreshAsync(Unknown).TraceIdAsync());

        for (var tries = 0; await own.Database.CountAsync("refused_calls") < 100; tries++)
        {
            Assert.True(tries < 1_200, "The rows did not come");
            await Task.Delay(50);
        }

        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal(100, await own.Database.CountAsync("refused_calls"));
        Assert.Equal((400, 300), (metrics["refusals{reason=UNKNOWN_TOKEN}"], metrics["refusals.dropped"]));
        own.Clock.Advance(TimeSpan.FromSeconds(1));
        await own.RefusalOfAsync(own.TryRefreshAsync(Unknown));
    }

    /// <summary>An instance must write the refusals that it still holds in memory before it stops.</summary>
    [Fact]
    public async Task A_stopping_instance_writes_what_it_has()
    {
        await using var own = await host.StartAnotherAsync();
        var twin = await own.StartTwinAsync();
        var trace = await twin.TryRefreshAsync(Unknown).TraceIdAsync();

        await twin.DisposeAsync();

        Assert.Equal(1, await own.Database.CountAsync($"refused_calls WHERE trace_id = '{trace}'"));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RefusalRowTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RefusalRowTests(store.Host);
}
