using AuthService.Revocations;
using AuthService.Storage;

namespace AuthService.Hosting;

/// <summary>Reads revocations for the feed while somebody wants it. One statement serves all readers of this instance.</summary>
internal sealed class RevocationWorker(
    IServiceScopeFactory scopes, Readiness readiness, RevocationLog log, RevocationWakeUp wanted, ILogger<RevocationWorker> logger) : Worker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan UntilNextTry = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often the worker reads from the durable reading on. The database may have crashed and started again between two readings, and then gives numbers of
    /// lost transactions to others.
    /// </summary>
    private const int ReadingsUntilDurable = 5;

    /// <summary>The snapshot of the last read. Null after a failed read, because another database server may have taken over.</summary>
    private CommitSnapshot? _seen;
    private int _readings;

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (true)
        {
            if (log.IsWanted)
            {
                await Task.Delay(readiness.IsPrepared && await TryReadAsync() ? Interval : UntilNextTry, stopping);
                continue;
            }

            log.Clear();
            await wanted.WaitAsync(Timeout.InfiniteTimeSpan, stopping);
        }
    }

    private async Task<bool> TryReadAsync()
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var reader = scope.ServiceProvider.GetRequiredService<RevocationReader>();
            var read = await TryGoOnAsync(reader) ?? await reader.ReadAllAsync();
            log.Add(read);
            _seen = read.Seen;
            return true;
        }
        catch (Exception error)
        {
            _seen = null;
            HostingLog.RevocationsNotRead(logger, error);
            return false;
        }
    }

    private async Task<RevocationsRead?> TryGoOnAsync(RevocationReader reader)
    {
        if (log.Watched is not { } known)
            return null;
        var seen = _seen is not null && ++_readings % ReadingsUntilDurable == 0 ? log.Durable?.Seen : _seen;
        var read = await (seen is null ? reader.ReadAsync(known.DurableEnd) : reader.ReadAsync(seen));
        if (read.Seen?.End < _seen?.End) // the database has crashed since
            read = await reader.ReadAsync(known.DurableEnd);
        return read.GoesOnFrom(known) ? read : null;
    }
}
