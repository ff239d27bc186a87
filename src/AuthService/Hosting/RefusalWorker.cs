using AuthService.Refusals;
using AuthService.Storage;

namespace AuthService.Hosting;

/// <summary>Writes refused calls to the store, those of half a second at once, which is what a killed instance loses.</summary>
internal sealed class RefusalWorker(
    IServiceScopeFactory scopes, Readiness readiness, RefusalBuffer buffer, RefusalReports reports, ILogger<RefusalWorker> logger) : Worker
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan UntilNextTry = TimeSpan.FromSeconds(2);

    /// <summary>What could not be written, and is tried again.</summary>
    private IReadOnlyList<RefusedCall> _left = [];

    /// <summary>The calls are served by then, and their refusals in the buffer.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        var isWriting = readiness.IsPrepared;
        while (isWriting && !cancellationToken.IsCancellationRequested && TakeBatch() is { Count: > 0 } batch)
            isWriting = await TryWriteAsync(batch);
        reports.Dropped(_left.Count + buffer.Count);
    }

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (true)
        {
            if (_left.Count == 0)
                await buffer.WaitAsync(stopping);
            await Task.Delay(Gathering, stopping);
            if (!readiness.IsPrepared || !await TryWriteAsync(TakeBatch()))
                await Task.Delay(UntilNextTry, stopping);
        }
    }

    /// <summary>Once for each refused call, also when a stop begins while a batch is being written.</summary>
    private IReadOnlyList<RefusedCall> TakeBatch() => Interlocked.Exchange(ref _left, []) is { Count: > 0 } left ? left : buffer.TakeBatch();

    /// <summary>What cannot be written is tried again; what comes meanwhile waits in the buffer as far as that goes.</summary>
    private async Task<bool> TryWriteAsync(IReadOnlyList<RefusedCall> batch)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<RefusalStore>().AddAsync(batch);
            return true;
        }
        catch (Exception error)
        {
            HostingLog.RefusalsNotWritten(logger, error);
            if (error.CanNeverSucceed())
                reports.Dropped(batch.Count); // or they would keep the others from being written
            else
                _left = batch;
            return false;
        }
    }
}
