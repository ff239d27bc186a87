using AuthService.Revocations;

namespace AuthService.Hosting;

/// <summary>Reads revocations for the feed, while somebody wants it: one statement for all readers of this instance.</summary>
internal sealed class RevocationWorker(
    IServiceScopeFactory scopes, Readiness readiness, RevocationLog log, RevocationSignal wanted, ILogger<RevocationWorker> logger) : Worker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan UntilNextTry = TimeSpan.FromSeconds(1);

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
            var added = log.Watched is { } known && await reader.ReadAsync(known.End) is var read && read.GoesOnFrom(known) ? read : null;
            log.Add(added ?? await reader.ReadAllAsync());
            return true;
        }
        catch (Exception error)
        {
            HostingLog.RevocationsNotRead(logger, error);
            return false;
        }
    }
}
