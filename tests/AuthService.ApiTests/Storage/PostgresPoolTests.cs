using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>Checks to which of several servers calls go.</summary>
public sealed class PostgresPoolTests
{
    [Fact]
    public async Task Calls_follow_the_primary_and_go_to_no_server_that_was_one_before()
    {
        using var old = await PostgresInstance.PrepareAsync();
        await old.StartAsync();
        using var standby = await old.PrepareStandbyAsync();
        await standby.StartAsync();
        var servers = $"Host=127.0.0.1:{old.Port},127.0.0.1:{standby.Port};Username=postgres;Database=postgres";
        using var pool = NewPool(servers);
        using var asleep = NewPool(servers);
        Assert.Equal($"127.0.0.1:{old.Port}", await FollowAsync(asleep));
        Assert.Equal($"127.0.0.1:{old.Port}", await FollowAsync(pool));
        Assert.Equal(old.Port, await PortAsync(pool));
        Assert.Null(await FollowAsync(pool));

        await old.SignalAsync("STOP");
        Assert.Null(await FollowAsync(pool));
        await standby.ExecuteAsync("SELECT pg_promote()");
        Assert.Equal($"127.0.0.1:{standby.Port}", await FollowAsync(pool));
        Assert.Equal(standby.Port, await PortAsync(pool));

        await old.SignalAsync("CONT");
        Assert.Equal(false, await old.ExecuteAsync("SELECT pg_is_in_recovery()"));
        Assert.Null(await FollowAsync(pool));
        Assert.Equal(standby.Port, await PortAsync(pool));
        Assert.Equal($"127.0.0.1:{standby.Port}", await FollowAsync(asleep));

        await standby.CrashAsync();
        Assert.Null(await FollowAsync(pool));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => PortAsync(pool));

        await standby.StartAsStandbyAsync();
        Assert.Equal($"127.0.0.1:{old.Port}", await FollowAsync(pool));
    }

    /// <summary>A worker repeats a write until it succeeds, perhaps for longer than a failover takes.</summary>
    [Fact]
    public async Task Work_that_keeps_its_store_goes_on_at_the_new_primary()
    {
        using var primary = await PostgresInstance.PrepareAsync();
        await primary.StartAsync("synchronous_commit=on");
        using var standby = await primary.PrepareStandbyAsync();
        await standby.StartAsync();
        await primary.ReplicateSynchronouslyAsync(); // the standby needs the whole schema
        var servers = $"Host=127.0.0.1:{primary.Port},127.0.0.1:{standby.Port};Username=postgres;Database=postgres";
        await using var host = await AuthHost.StartOnAsync(
            TestDatabase.On(primary), new() { ["ConnectionStrings:Postgres"] = servers, ["RateLimits:Enabled"] = "false" });

        await host.CallAsync<AuthService.Storage.Store, bool>(async store =>
        {
            Assert.Equal(primary.Port, await PortAsync(store));
            await primary.CrashAsync();
            await standby.ExecuteAsync("SELECT pg_promote()");
            await UntilOtherCallsAreAnsweredAsync(host);

            Assert.Equal(standby.Port, await PortAsync(store));
            return true;
        });
    }

    [Fact]
    public async Task A_server_that_has_become_a_standby_gets_no_calls()
    {
        using var primary = await PostgresInstance.PrepareAsync();
        await primary.StartAsync();
        using var standby = await primary.PrepareStandbyAsync();
        await standby.StartAsync();
        await primary.CrashAsync();
        await standby.ExecuteAsync("SELECT pg_promote()");
        using var pool = NewPool($"Host=127.0.0.1:{standby.Port},127.0.0.1:{primary.Port};Username=postgres;Database=postgres;Host Recheck Seconds=0");
        Assert.Equal($"127.0.0.1:{standby.Port}", await FollowAsync(pool));

        await standby.CrashAsync();
        Assert.Null(await FollowAsync(pool));
        await standby.StartAsStandbyAsync();

        Assert.Null(await FollowAsync(pool));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => PortAsync(pool));
    }

    [Fact]
    public async Task Servers_that_do_not_answer_or_have_no_address_keep_nobody_from_the_primary()
    {
        using var primary = await PostgresInstance.PrepareAsync();
        await primary.StartAsync();
        using var pool = NewPool($"Host=no..address,127.0.0.1:1,127.0.0.1:{primary.Port};Username=postgres;Database=postgres;Load Balance Hosts=true");

        Assert.Equal($"127.0.0.1:{primary.Port}", await FollowAsync(pool));
        Assert.Equal(primary.Port, await PortAsync(pool));
    }

    [Fact]
    public async Task The_primary_is_found_when_calls_have_taken_all_connections()
    {
        using var primary = await PostgresInstance.PrepareAsync();
        await primary.StartAsync();
        using var pool = NewPool($"Host=127.0.0.1:1,127.0.0.1:{primary.Port};Username=postgres;Database=postgres;Maximum Pool Size=1");
        Assert.NotNull(await FollowAsync(pool));
        await using var taken = await pool.Source.OpenConnectionAsync();

        Assert.Equal(PostgresRole.Primary, (await pool.Servers[1].FindStateAsync(CancellationToken.None)).Role);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1")]
    [InlineData("Host=127.0.0.1;Port=1;Target Session Attributes=read-write")]
    [InlineData("Host=127.0.0.1:1,127.0.0.1:2;Target Session Attributes=any")]
    [InlineData(null)]
    public void Where_there_is_one_server_or_any_will_do_no_primary_is_looked_for(string? setting)
    {
        using var pool = NewPool(setting);

        Assert.Empty(pool.Servers);
    }

    private static PostgresPool NewPool(string? setting) =>
        new(Options.Create(new StorageOptions { ConnectionStrings = { Postgres = setting } }));

    /// <returns>The server that has become the primary, or null.</returns>
    private static async Task<string?> FollowAsync(PostgresPool pool) => (await pool.FollowPrimaryAsync(CancellationToken.None))?.Host;

    private static async Task<int> PortAsync(AuthService.Storage.Store store) => (await store.ReadAsync<int>($"SELECT inet_server_port() AS \"Value\""))[0];

    private static async Task UntilOtherCallsAreAnsweredAsync(AuthHost host)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            using var answer = await host.PostAsync("/auth/refresh", "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
            if (answer.StatusCode is HttpStatusCode.Unauthorized)
                return;
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), "The new primary was not found");
        }
    }

    /// <returns>The port of the server to which a call would go.</returns>
    private static async Task<int> PortAsync(PostgresPool pool)
    {
        await using var command = pool.Source.CreateCommand("SELECT inet_server_port()");
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
