using AuthService.Storage;

namespace AuthService.Sessions.Revoking;

/// <summary>Deletes sessions that have expired: for the clean-up, for a route and for a command.</summary>
internal sealed class ExpiredSessions(Store store, SessionMetrics metrics, TimeProvider clock)
{
    private const int DeletedAtOnce = 1_000;

    /// <summary>Deletes some of them, the oldest first.</summary>
    public async Task<int> DeleteAsync(DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var deleted = await SessionDeletion.DeleteExpiredAsync(store, now, limit);
        metrics.Ended(deleted, SessionMetrics.Expired);
        return deleted;
    }

    public Task<int> DeleteAllAsync(CancellationToken cancellation) => BatchDeletion.RunAsync(
        DeletedAtOnce, limit => DeleteAsync(clock.GetUtcNow(), limit, cancellation), pause: TimeSpan.Zero, cancellation);
}
