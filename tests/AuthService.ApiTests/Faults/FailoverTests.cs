using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>The primary is lost and its synchronous standby replaces it.</summary>
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
        await using var around = await Surroundings.StartAsync();
        await using var host = await AuthHost.StartOnAsync(TestDatabase.On(primary).ReachedAt(proxy.Port), around.Settings);
        await using var twin = await host.StartTwinAsync(around.Settings);
        await primary.ReplicateSynchronouslyAsync();
        await using var trial = await FaultTrial.StartAsync(around, host, twin);
        await Task.Delay(Effort.Of(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60)));

        await primary.CrashAsync();
        proxy.TakeDown();
        await standby.ExecuteAsync("SELECT pg_promote()");
        proxy.SwitchTo(standby.Port);
        proxy.Resume();
        await trial.RecoverAsync();

        await trial.JudgeAsync("Failover to a synchronous standby under load", TestDatabase.On(standby));
    }
}
