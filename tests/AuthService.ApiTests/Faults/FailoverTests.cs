using AuthService.ApiTests.Hosting;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>The primary is lost and its synchronous standby takes its place.</summary>
public sealed class FailoverTests
{
    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_in_a_failover()
    {
        using var primary = await PostgresInstance.PrepareAsync();
        await primary.StartAsync("synchronous_commit=on");
        using var standby = await primary.PrepareStandbyAsync();
        await standby.StartAsync("synchronous_commit=on");
        await using var proxy = new FaultProxy(primary.Port);
        await using var host = await AuthHost.StartOnAsync(TestDatabase.On(primary).ReachedAt(proxy.Port));
        await using var twin = await host.StartTwinAsync();
        await ReplicateSynchronouslyAsync(primary);
        await using var trial = await FaultTrial.StartAsync(host, twin);
        await Task.Delay(Effort.Of(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60)));

        await primary.CrashAsync();
        proxy.TakeDown();
        await ExecuteAsync(standby, "SELECT pg_promote()");
        proxy.SwitchTo(standby.Port);
        proxy.Resume();
        trial.FaultIsOver();
        await Task.Delay(Recovery.Watch);

        await trial.JudgeAsync("Failover to a synchronous standby under load", TestDatabase.On(standby));
    }

    /// <summary>From here on a commit is acknowledged when both servers have it.</summary>
    private static async Task ReplicateSynchronouslyAsync(PostgresInstance primary)
    {
        await ExecuteAsync(primary, "ALTER SYSTEM SET synchronous_standby_names = '*'");
        await ExecuteAsync(primary, "SELECT pg_reload_conf()");
        while (await ExecuteAsync(primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") is not 1L)
            await Task.Delay(50);
    }

    private static async Task<object?> ExecuteAsync(PostgresInstance server, string sql)
    {
        await using var connection = new NpgsqlConnection(TestDatabase.On(server).ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
