using AuthService.Signals;

namespace AuthService.Hosting;

/// <summary>Makes shared signals of what the audit log says. Of all instances one does so at a time.</summary>
internal sealed class SignalDispatchWorker(
    IServiceScopeFactory scopes, Readiness readiness, SignalStreamWakeUp made, SignalReports reports, ILogger<SignalDispatchWorker> logger) : Worker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Also after a failure. It is how long another instance's first stream is not noticed; this one's is at once.</summary>
    private static readonly TimeSpan IntervalWithoutStreams = TimeSpan.FromSeconds(5);

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (true)
            await made.WaitAsync(!readiness.IsPrepared || await TryReadAsync(stopping) ? Interval : IntervalWithoutStreams, stopping);
    }

    /// <summary>A worker that throws would stop the host; the next round tries again.</summary>
    /// <returns>Whether there is a stream.</returns>
    private async Task<bool> TryReadAsync(CancellationToken stopping)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<SignalDispatcher>().ReadAsync(reports.Lag, stopping);
            if (reports.WantsWaiting)
                reports.Waiting(await scope.ServiceProvider.GetRequiredService<WaitingSetStore>().CountAsync());
            return await scope.ServiceProvider.GetRequiredService<SignalStreamStore>().AnyAsync();
        }
        catch (Exception error) when (error is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            HostingLog.SignalsNotRead(logger, error);
            return false;
        }
    }
}
