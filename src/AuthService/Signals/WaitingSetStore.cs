using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Signals;

/// <summary>The SETs that wait, each stream's in their order.</summary>
internal sealed class WaitingSetStore(Store store, SignalArrivals arrivals, TimeProvider clock)
{
    /// <param name="stream">Over which it goes.</param>
    /// <param name="signal">What it says.</param>
    /// <param name="txn">The same for all SETs of one cause (RFC 8417, section 2.2).</param>
    /// <param name="toe">When it happened.</param>
    public WaitingSet Create(SignalStream stream, Signal signal, string? txn, DateTimeOffset? toe)
    {
        var now = UnixMicroseconds.Rounded(clock.GetUtcNow());
        return new WaitingSet
        {
            Id = Guid.CreateVersion7(now),
            StreamId = stream.Id,
            Event = signal.Event,
            Claims = signal.ToClaims(txn, toe).ToJsonString(),
            CreatedAt = now,
            ExpireAt = now + stream.Retention,
        };
    }

    /// <summary>In the caller's transaction, if there is one. Of more than a stream may keep the oldest are dropped.</summary>
    public async Task AddAsync(IReadOnlyList<WaitingSet> sets)
    {
        if (sets.Count == 0)
            return;
        await store.InsertAsync([.. sets]);
        foreach (var stream in sets.Select(set => set.StreamId).Distinct())
        {
            await store.WriteAsync(
                $"""
                DELETE FROM signal_sets WHERE stream_id = {stream} AND number <= (
                    SELECT number FROM signal_sets WHERE stream_id = {stream} ORDER BY number DESC LIMIT 1 OFFSET {SignalStream.MostWaiting})
                """);
        }

        Announce();
    }

    /// <summary>Whoever waits looks again once what is being written is committed.</summary>
    public void Announce() => store.AfterCommit(arrivals.Raise);

    /// <summary>The oldest ones first.</summary>
    public Task<List<WaitingSet>> ListAsync(Guid stream, int limit, DateTimeOffset now) => store.ReadAsync(db => db.Set<WaitingSet>().AsNoTracking()
        .Where(set => set.StreamId == stream && set.ExpireAt > now).OrderBy(set => set.Number).Take(limit).ToListAsync());

    /// <summary>Its receiver has taken it.</summary>
    public Task<int> DeleteAsync(WaitingSet set) => store.WriteAsync($"DELETE FROM signal_sets WHERE number = {set.Number}");

    /// <summary>Its receiver never will, unless the stream was changed meanwhile and the next attempt may go elsewhere.</summary>
    public Task<int> DropRefusedAsync(WaitingSet set, ClaimedStream claimed) => store.WriteAsync(SqlText.Join(
        $"DELETE FROM signal_sets WHERE number = {set.Number} AND {IsHeld(claimed)}"));

    /// <summary>Those that this stream does not have, any more or at all, change nothing.</summary>
    public Task<int> DeleteAsync(Guid stream, Guid[] ids) => ids.Length == 0 ? Task.FromResult(0) : store.WriteAsync(SqlText.Join(
        $"DELETE FROM signal_sets WHERE stream_id = {stream} AND id {store.Among(ids)}"));

    /// <summary>The same with those that there were.</summary>
    public Task<List<Guid>> TakeOutAsync(Guid stream, Guid[] ids) => ids.Length == 0 ? Task.FromResult<List<Guid>>([]) : store.WriteAsync<Guid>(SqlText.Join(
        $"DELETE FROM signal_sets WHERE stream_id = {stream} AND id {store.Among(ids)} RETURNING id AS \"Value\""));

    /// <summary>Those of other events than these, which the stream is not given any more.</summary>
    public Task<int> DeleteOthersAsync(Guid stream, IEnumerable<string> events) => store.WriteAsync(SqlText.Join(
        $"DELETE FROM signal_sets WHERE stream_id = {stream} AND NOT (event {store.Among(events.Append(SignalEvents.Verification).ToArray())})"));

    public Task<int> DeleteAllAsync(Guid stream) => store.WriteAsync($"DELETE FROM signal_sets WHERE stream_id = {stream}");

    /// <summary>With the same exception.</summary>
    public Task<int> CountRefusalAsync(WaitingSet set, ClaimedStream claimed) => store.WriteAsync(SqlText.Join(
        $"UPDATE signal_sets SET refusals = refusals + 1 WHERE number = {set.Number} AND {IsHeld(claimed)}"));

    public Task<int> CountAsync() => store.ReadAsync(db => db.Set<WaitingSet>().CountAsync());

    /// <summary>Deletes some that waited for long enough.</summary>
    public Task<int> DeleteExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<WaitingSet>(nameof(WaitingSet.ExpireAt), now, limit, cancellation);

    private static FormattableString IsHeld(ClaimedStream claimed) =>
        $"EXISTS (SELECT 1 FROM signal_streams AS s WHERE s.id = {claimed.Id} AND s.claims = {claimed.Claims})";
}
