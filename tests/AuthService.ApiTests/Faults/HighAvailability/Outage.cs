using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Faults.HighAvailability;

/// <summary>Runs a load on two instances while their database fails, and measures the time of each part of the recovery.</summary>
internal sealed class Outage : IAsyncDisposable
{
    /// <summary>The longest time of a response. A call that began just before the end of an outage may take this long.</summary>
    private static readonly TimeSpan ServedWithin = TimeSpan.FromSeconds(30);

    private readonly TwoInstances _on;
    private readonly FaultTrial _trial;
    private TimeSpan _begun;
    private TimeSpan _commitsAgain;
    private string _more = "";

    private Outage(TwoInstances on, FaultTrial trial, PatroniNode primary, PatroniNode standby) =>
        (_on, _trial, Primary, Standby) = (on, trial, primary, standby);

    public PatroniCluster Cluster => _on.Cluster;

    public PatroniNode Primary { get; }

    /// <summary>The synchronous standby.</summary>
    public PatroniNode Standby { get; }

    public PatroniNode[] Standbys => [.. Cluster.Nodes.Where(node => node != Primary)];

    private TimeSpan Now => _trial.Recorder.Now;

    /// <summary>
    /// Prepares an outage. The primary becomes the first node of the connection string, so that later connections try it before the others.
    /// </summary>
    public static async Task<Outage> PrepareAsync(TwoInstances on)
    {
        var (primary, standby) = await on.Cluster.WaitUntilWholeAsync();
        var first = on.Cluster.Nodes[0];
        if (primary != first)
        {
            await PatroniCluster.SwitchOverAsync(primary, first);
            (primary, standby) = await on.Cluster.WaitUntilWholeAsync();
            await Task.WhenAll(on.Instances.Select(instance => instance.WaitUntilReadyAsync()));
        }

        var trial = await FaultTrial.StartAsync(
            on.Around, mailsMayRepeat: false, [.. on.Instances.Select(instance => (Func<Uri?>)(() => instance.Http.BaseAddress))]);
        return new Outage(on, trial, primary, standby);
    }

    /// <summary>Makes something fail and waits until one of these nodes takes commits.</summary>
    /// <returns>The time when it did.</returns>
    public async Task<DateTimeOffset> UntilCommitsAsync(Func<Task> fail, IReadOnlyCollection<PatroniNode> among)
    {
        _trial.FaultBegins();
        _begun = Now;
        await fail();
        await Cluster.WaitForPrimaryAsync(among);
        _commitsAgain = Now;
        _trial.FaultIsOver();
        return DateTimeOffset.UtcNow;
    }

    /// <inheritdoc cref="UntilCommitsAsync(Func{Task}, IReadOnlyCollection{PatroniNode})"/>
    public Task<DateTimeOffset> UntilCommitsAsync(Action fail, IReadOnlyCollection<PatroniNode> among) => UntilCommitsAsync(() => Task.Run(fail), among);

    /// <summary>
    /// Stops etcd: Patroni demotes the primary and promotes no other node, and every instance reports it. The outage is measured from the moment when
    /// etcd is back.
    /// </summary>
    public async Task WithoutEtcdAsync()
    {
        await Cluster.Etcd.SignalAsync("STOP");
        while (await Primary.TakesCommitsAsync())
            await Task.Delay(100);
        foreach (var instance in _on.Instances)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await instance.StatusAsync("/health/ready"));
            Assert.Equal(HttpStatusCode.OK, await instance.StatusAsync("/health/live"));
            using var refused = await instance.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
            await Task.FromResult(refused).RefusalAsync(HttpStatusCode.ServiceUnavailable);
        }

        await Task.Delay(TimeSpan.FromSeconds(10));
        _begun = Now;
        await Cluster.Etcd.SignalAsync("CONT");
    }

    /// <summary>Adds a figure to the line of the proof.</summary>
    public void Add(string figure) => _more += $", {figure}";

    public Task WatchAsync() => _trial.WatchAsync();

    public async Task JudgeAsync(string proof)
    {
        await _trial.StopAsync();
        var failed = _trial.Recorder.Calls.Where(call => call.Outcome is Outcome.Unknown && call.Answered > _begun).Select(call => call.Answered);
        var without = failed.Append(_begun).Max() - _begun;
        var patroni = _commitsAgain - _begun;
        Checker.Expect(without - patroni > ServedWithin ? [$"The last call failed {without - patroni} after a primary took commits"] : []);
        var slowest = _trial.Recorder.Calls.Where(call => call.Sent > _commitsAgain).Select(call => call.Answered - call.Sent).Append(TimeSpan.Zero).Max();
        await _trial.JudgeAsync(
            proof, _on.Database,
            $", served again after {without.TotalSeconds:F1} s, {patroni.TotalSeconds:F1} s of them Patroni's, "
            + $"slowest answer then {slowest.TotalSeconds:F1} s{_more}");
    }

    public ValueTask DisposeAsync() => _trial.DisposeAsync();
}
