using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Sessions;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>The database responds late, or not at all. Each call has a deadline, and nothing accumulates.</summary>
public sealed class SlowDatabaseTests : IAsyncLifetime
{
    /// <summary>Ten seconds are meant. The test allows more than twice as much, because tests run in parallel on few cores.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan ProbeDeadline = TimeSpan.FromSeconds(10);
    private const long Flat = 80 << 20;

    /// <summary>The number of calls after which the service uses its usual memory, also on a slow machine.</summary>
    private const int Usual = 300;

    private readonly ServiceFolder _folder = new();
    private TestDatabase _database = null!;
    private FaultProxy _proxy = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Store.Postgres);
        _proxy = new FaultProxy(new NpgsqlConnectionStringBuilder(_database.ConnectionString).Port);
    }

    [Fact]
    public async Task A_slow_and_then_a_silent_database_hold_no_call_longer_than_its_deadline()
    {
        await using var around = await Surroundings.StartAsync();
        await using var service = await StartAsync(around.Settings);
        await using var trial = await FaultTrial.StartAsync(around, mailsMayRepeat: true, () => service.Http.BaseAddress);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => trial.Recorder.Calls.Count(call => call.Status is not null) >= Usual, () => $"{trial.Recorder.Calls.Count} calls");
        var before = service.Memory;

        _proxy.Delay = TimeSpan.FromMilliseconds(500);
        await Task.Delay(Effort.Of(TimeSpan.FromSeconds(4), TimeSpan.FromMinutes(3)));
        var (slow, failed) = (service.Memory, trial.Recorder.Calls.Count(call => call.Outcome is Outcome.Unknown));
        _proxy.Delay = TimeSpan.Zero;
        await trial.RecoverAsync();
        trial.FaultBegins();
        var silent = await BeSilentAsync(service);
        await trial.RecoverAsync();

        Assert.InRange(Math.Max(slow, silent) - before, long.MinValue, Flat);
        var slowest = trial.ExpectAnswersWithin(Deadline).TotalSeconds;
        var memory = $"memory {InMiB(before)}, {InMiB(slow)}, {InMiB(silent)}";
        await trial.JudgeAsync(
            "500 ms on every round trip, then a black hole", _database, $", slowest {slowest:F1} s, {failed} failed while slow, {memory}");
    }

    [Fact]
    public async Task What_a_lost_connection_had_locked_is_free_again_soon()
    {
        await using var host = await AuthHost.StartOnAsync(_database.ReachedAt(_proxy.Port), new() { ["CleanUp:Interval"] = "1.00:00:00" });
        var service = await host.NewServiceTokenAsync();
        var session = await host.OpenAsync(service, await host.CreatePersonAsync());
        var calls = _proxy.NextFault = new ConnectionFault(ConnectionFaultKind.Hold, int.MaxValue);
        await host.EnableForAsync(service, session);

        // The connection hangs in the middle of the transaction, which has locked the person. The server is not told that the client is gone.
        _proxy.NextFault = new ConnectionFault(ConnectionFaultKind.Hold, calls.Calls - 2);
        using var lost = await host.TryEnableForAsync(service, session);
        _proxy.NextFault = null;
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using var repeat = await host.TryEnableForAsync(service, session);
            if (repeat.StatusCode is HttpStatusCode.NoContent)
                break;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, repeat.StatusCode);
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(90), $"What the lost connection had locked is not free after {waited.Elapsed}");
        }

        ProofTable.Add("Faults", "Half-open connection in the middle of a transaction", $"its locks were gone after {waited.Elapsed.TotalSeconds:F1} s");
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    /// <returns>The memory that the service uses at the end.</returns>
    private async Task<long> BeSilentAsync(ServiceProcess service)
    {
        _proxy.SwallowEverything();
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await service.StatusAsync("/health/ready").WaitAsync(ProbeDeadline));
            Assert.Equal(HttpStatusCode.OK, await service.StatusAsync("/health/live").WaitAsync(ProbeDeadline));
            await Task.Delay(Effort.Of(TimeSpan.FromSeconds(8), TimeSpan.FromMinutes(3)));
            return service.Memory;
        }
        finally
        {
            _proxy.Resume();
        }
    }

    private async Task<ServiceProcess> StartAsync(Settings settings)
    {
        var way = _database.ReachedAt(_proxy.Port).Settings;
        var service = _folder.Start(ServiceFolder.ForProduction().With(ServiceFolder.ForMeasuredMemory()).With(way).With(settings));
        await service.WaitUntilReadyAsync();
        return service;
    }

    private static string InMiB(long bytes) => $"{bytes >> 20} MiB";
}
