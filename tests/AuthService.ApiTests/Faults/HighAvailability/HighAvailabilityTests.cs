using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Faults.HighAvailability;

/// <summary>
/// PostgreSQL under Patroni loses its primary in each of the usual ways, while two instances are called. Calls may fail until a primary takes commits
/// again. From that moment on the service has to recover.
/// </summary>
public sealed class HighAvailabilityTests(TwoInstances on) : IClassFixture<TwoInstances>
{
    private const string Killed = "primary killed";

    private static readonly Dictionary<string, Func<Outage, Task>> Outages = new(StringComparer.Ordinal)
    {
        [Killed] = async outage =>
        {
            await outage.UntilCommitsAsync(() => outage.Primary.SignalAsync("KILL"), outage.Standbys);
            await outage.Primary.StartAgainAsync();
        },
        ["primary frozen"] = async outage =>
        {
            await using var former = await FormerPrimary.ConnectAsync(outage.Primary);
            var promotedAt = await outage.UntilCommitsAsync(() => outage.Primary.SignalAsync("STOP"), outage.Standbys);
            await Task.Delay(PatroniCluster.Ttl);
            var watched = former.ExpectNoWritesAsync(promotedAt);
            await outage.Primary.SignalAsync("WAKE"); // without Patroni it believes that it still is the primary
            await Task.Delay(TimeSpan.FromSeconds(5));
            await outage.Primary.SignalAsync("CONT");
            var readings = await watched;
            Assert.NotEqual(0, readings);
            outage.Add($"no write to the former primary in {readings} readings");
            await former.ExpectNothingOfItsOwnAsync((await outage.Cluster.WaitUntilWholeAsync()).Primary);
        },
        ["primary cut off from etcd"] = async outage =>
        {
            await outage.UntilCommitsAsync(outage.Primary.CutOff, outage.Standbys);
            await Task.Delay(PatroniCluster.Ttl);
            outage.Primary.Reconnect();
        },
        ["switchover"] = outage => outage.UntilCommitsAsync(() => PatroniCluster.SwitchOverAsync(outage.Primary, outage.Standby), [outage.Standby]),
        ["synchronous standby killed"] = async outage =>
        {
            await outage.UntilCommitsAsync(() => outage.Standby.SignalAsync("KILL"), [outage.Primary]);
            await outage.Standby.StartAgainAsync();
        },
        ["etcd away"] = outage => outage.UntilCommitsAsync(outage.WithoutEtcdAsync, outage.Cluster.Nodes),
    };

    public static TheoryData<string> Ways { get; } = [.. Outages.Keys.Where(way => Effort.IsLong || way is Killed)];

    [PatroniTheory]
    [MemberData(nameof(Ways))]
    public async Task Nothing_that_was_acknowledged_is_lost_and_callers_are_served_again(string way)
    {
        await using var outage = await Outage.PrepareAsync(on);
        await Task.Delay(TimeSpan.FromSeconds(3));

        await Outages[way](outage);
        if (Effort.IsLong)
            await outage.Cluster.WaitUntilWholeAsync();
        await outage.WatchAsync();

        await outage.JudgeAsync($"Patroni, {way}");
    }
}
