using AuthService.Signals;

namespace AuthService.Hosting;

/// <summary>Creates shared signals from audit entries. Only one instance does so at a time.</summary>
internal sealed class SignalDispatchWorker(
    IServiceScopeFactory scopes, Readiness readiness, SignalStreamWakeUp made, SignalReports reports, ILogger<SignalDispatchWorker> logger) : Worker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The interval without streams, and after a failure. The first stream of another instance is noticed that late; one of this instance at once.
    /// </summary>
    private static readonly TimeSpan IntervalWithoutStreams = TimeSpan.FromSeconds(5);

    /// <summary>To count what waits, the store reads all of it.</summary>
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(30);

    private DateTimeOffset _countedAt;

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (true)
            await made.WaitAsync(!readiness.IsPrepared || await TryReadAsync(stopping) ? Interval : IntervalWithoutStreams, stopping);
    }

    /// <returns>Whether there is a stream.</returns>
    private Task<bool> TryReadAsync(CancellationToken stopping) => TryInScopeAsync(
        scopes,
        async services =>
        {
            await services.GetRequiredService<SignalDispatcher>().ReadAsync(reports.Lag, stopping);
            await CountWaitingAsync(services);
            return await services.GetRequiredService<SignalStreamStore>().AnyAsync();
        },
        error => HostingLog.SignalsNotRead(logger, error),
        stopping);

    private async Task CountWaitingAsync(IServiceProvider services)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (!reports.WantsWaiting || (now >= _countedAt && now - _countedAt < CountInterval))
            return;
        _countedAt = now;
        reports.Waiting(await services.GetRequiredService<WaitingSetStore>().CountAsync());
    }
}
