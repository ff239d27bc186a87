using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Signals;
using AuthService.Signals;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>Streams keep no more SETs than they may. One statement finds those of a batch that have more, and nothing is deleted of the others.</summary>
public abstract class SignalTrimTests(AuthHost host)
{
    private static readonly DateTimeOffset Later = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Of_several_streams_the_one_that_is_full_loses_its_oldest()
    {
        await using var own = await host.StartAnotherAsync();
        for (var i = 0; i < 3; i++)
            await own.SubscribeAsync();
        var plans = new Plans(own.Database.IsPostgres);
        await using var direct = new DirectStore(own.Database, plans);
        var streams = await direct.Store.ReadAsync(db => db.Set<SignalStream>().OrderBy(stream => stream.Id).Select(stream => stream.Id).ToListAsync());
        var sets = new WaitingSetStore(direct.Store, new SignalArrivals(), own.Clock);
        await sets.AddAsync([NewSet(streams[0]), NewSet(streams[1])]);
        await own.Database.ExecuteAsync(
            $"""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {SignalStream.MostWaiting})
            INSERT INTO signal_sets (id, stream_id, event, claims, created_at, refusals, expire_at)
            SELECT {(own.Database.IsPostgres ? "gen_random_uuid()" : "hex(randomblob(16))")}, stream_id, event, claims, created_at, refusals, expire_at
            FROM n JOIN signal_sets ON number = (SELECT min(number) FROM signal_sets) WHERE i < {SignalStream.MostWaiting}
            """);
        await own.Database.ExecuteAsync("ANALYZE");
        var third = await direct.Store.ReadAsync(db => db.Set<WaitingSet>().Where(set => set.StreamId == streams[0]).Select(set => set.Number).Order().Skip(2)
            .FirstAsync());
        plans.Take();

        await sets.AddAsync([NewSet(streams[0]), NewSet(streams[1]), NewSet(streams[2]), NewSet(streams[0])]);

        var found = plans.Take();
        Assert.Equal(2, found.Length);
        Assert.All(found, plan => Assert.DoesNotContain("Seq Scan on signal_sets", plan, StringComparison.Ordinal));
        Assert.All(found, plan => Assert.DoesNotContain("SCAN signal_sets", plan, StringComparison.Ordinal));
        var counts = await direct.Store.ReadAsync(db => db.Set<WaitingSet>().GroupBy(set => set.StreamId)
            .Select(group => new { group.Key, Count = group.Count(), Oldest = group.Min(set => set.Number) }).ToDictionaryAsync(group => group.Key));
        Assert.Equal([SignalStream.MostWaiting, 2, 1], streams.Select(stream => counts[stream].Count));
        Assert.Equal(third, counts[streams[0]].Oldest);
    }

    private static WaitingSet NewSet(Guid stream) => new()
    {
        Id = Guid.NewGuid(),
        StreamId = stream,
        Event = SignalEvents.SessionRevoked,
        Claims = "{}",
        CreatedAt = DateTimeOffset.UnixEpoch,
        ExpireAt = Later,
    };

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : SignalTrimTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : SignalTrimTests(store.Host);
}
