using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>Two instances that start at the same time on an empty database create one schema and one administrator, and both become ready.</summary>
public abstract class FirstStartRaceTests(Twins twins, Store store)
{
    private const int LongestHeadStart = 300;

    [Fact]
    public Task Both_get_ready_and_sign_in_the_one_administrator() => twins.PlayAsync("first start", Effort.Of(2, 400), async round =>
    {
        var instances = await AuthHost.StartTogetherAsync(store, TimeSpan.FromMilliseconds(round.Maybe() ? 0 : round.Between(1, LongestHeadStart)));
        await using var first = instances[0];
        await using var second = instances[1];

        await first.NewAdminTokenAsync();
        await second.NewAdminTokenAsync();
        Assert.Equal(1, await first.Database.CountAsync("principals"));
        Assert.Single(await second.AuditAsync(await first.AdminTokenAsync(), "?event=principal_created"));
        Assert.Equal(await twins.One.Database.CountAsync("\"__EFMigrationsHistory\""), await first.Database.CountAsync("\"__EFMigrationsHistory\""));
    });

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : FirstStartRaceTests(twins, Store.Sqlite);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : FirstStartRaceTests(twins, Store.Postgres);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : FirstStartRaceTests(twins, Store.PgBouncer);
}
