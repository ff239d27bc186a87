using AuthService.Refusals;
using AuthService.Storage;

namespace AuthService.Hosting;

/// <summary>Writes refused calls to the store, in batches of half a second. A killed instance loses that much.</summary>
internal sealed class RefusalWorker(
    IServiceScopeFactory scopes, Readiness readiness, RefusalBuffer buffer, RefusalReports reports, ILogger<RefusalWorker> logger) : Worker
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan UntilNextTry = TimeSpan.FromSeconds(2);

    /// <summary>The batch that could not be written and is tried again.</summary>
    private IReadOnlyList<RefusedCall> _left = [];

    /// <summary>Writes the last refusals. All calls are served by then, and their refusals are in the buffer.</summary>
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

    /// <summary>Takes each refused call only once, even when a stop begins while a batch is being written.</summary>
    private IReadOnlyList<RefusedCall> TakeBatch() => Interlocked.Exchange(ref _left, []) is { Count: > 0 } left ? left : buffer.TakeBatch();

    /// <summary>Writes a batch. After a failure it is tried again. Meanwhile new refusals wait in the buffer while it has space.</summary>
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
                reports.Dropped(batch.Count); // they would keep the others from being written
            else
                _left = batch;
            return false;
        }
    }
}
