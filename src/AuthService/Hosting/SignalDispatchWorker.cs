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

    private DateTimeOffset _nextCount;

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (true)
            await made.WaitAsync(!readiness.IsPrepared || await TryReadAsync(stopping) ? Interval : IntervalWithoutStreams, stopping);
    }

    /// <summary>
    /// Reads the audit log. A failure is only logged and tried again in the next round, because an exception in a worker stops the host.
    /// </summary>
    /// <returns>Whether there is a stream.</returns>
    private async Task<bool> TryReadAsync(CancellationToken stopping)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<SignalDispatcher>().ReadAsync(reports.Lag, stopping);
            await CountWaitingAsync(scope.ServiceProvider);
            return await scope.ServiceProvider.GetRequiredService<SignalStreamStore>().AnyAsync();
        }
        catch (Exception error) when (error is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            HostingLog.SignalsNotRead(logger, error);
            return false;
        }
    }

    private async Task CountWaitingAsync(IServiceProvider services)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (!reports.WantsWaiting || now < _nextCount)
            return;
        _nextCount = now + CountInterval;
        reports.Waiting(await services.GetRequiredService<WaitingSetStore>().CountAsync());
    }
}
