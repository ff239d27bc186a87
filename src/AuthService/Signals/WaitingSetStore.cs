using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Signals;

/// <summary>Stores the SETs that wait, in the order of each stream.</summary>
internal sealed class WaitingSetStore(Store store, SignalArrivals arrivals, TimeProvider clock)
{
    /// <param name="stream">The stream that carries the SET.</param>
    /// <param name="signal">The event.</param>
    /// <param name="txn">The id that all SETs of one cause share (RFC 8417, section 2.2); null for none.</param>
    /// <param name="toe">The time of the event; null for none.</param>
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

    /// <summary>Adds SETs, inside the caller's transaction if there is one. It drops the oldest SETs beyond the limit of a stream.</summary>
    public async Task AddAsync(IReadOnlyList<WaitingSet> sets)
    {
        if (sets.Count == 0)
            return;
        await store.InsertAsync([.. sets]);
        foreach (var stream in await ListOverfullAsync([.. sets.Select(set => set.StreamId).Distinct()]))
            await store.WriteAsync($"DELETE FROM signal_sets WHERE stream_id = {stream.Id} AND number <= {stream.Dropped}");
        Announce();
    }

    /// <summary>Wakes the waiting requests after the commit of the current transaction.</summary>
    public void Announce() => store.AfterCommit(arrivals.Raise);

    /// <summary>Lists the waiting SETs of a stream, oldest first.</summary>
    public Task<List<WaitingSet>> ListAsync(Guid stream, int limit, DateTimeOffset now) => store.ReadAsync(db => db.Set<WaitingSet>().AsNoTracking()
        .Where(set => set.StreamId == stream && set.ExpireAt > now).OrderBy(set => set.Number).Take(limit).ToListAsync());

    /// <summary>Deletes a SET that its receiver has accepted.</summary>
    public Task<int> DeleteAsync(WaitingSet set) => store.WriteAsync($"DELETE FROM signal_sets WHERE number = {set.Number}");

    /// <summary>
    /// Deletes a SET that its receiver refuses. If the stream was changed meanwhile, the SET stays, because the next attempt may have another receiver.
    /// </summary>
    public Task<int> DropRefusedAsync(WaitingSet set, LeasedStream leased) => store.WriteAsync(
        $"DELETE FROM signal_sets WHERE number = {set.Number} AND {IsHeld(leased)}");

    /// <summary>Deletes SETs of a stream. Ids that the stream does not have are ignored.</summary>
    public Task<int> DeleteAsync(Guid stream, Guid[] ids) => ids.Length == 0 ? Task.FromResult(0) : store.WriteAsync(
        $"DELETE FROM signal_sets WHERE stream_id = {stream} AND id {store.Among(ids)}");

    /// <summary>Deletes SETs of a stream and returns the ids of those that existed.</summary>
    public Task<List<Guid>> TakeOutAsync(Guid stream, Guid[] ids) => ids.Length == 0 ? Task.FromResult<List<Guid>>([]) : store.WriteAsync<Guid>(
        $"DELETE FROM signal_sets WHERE stream_id = {stream} AND id {store.Among(ids)} RETURNING id AS \"Value\"");

    /// <summary>Deletes the SETs of other events, which the stream does not carry any more.</summary>
    public Task<int> DeleteOthersAsync(Guid stream, IEnumerable<string> events) => store.WriteAsync(
        $"DELETE FROM signal_sets WHERE stream_id = {stream} AND NOT (event {store.Among(events.Append(SignalEvents.Verification).ToArray())})");

    public Task<int> DeleteAllAsync(Guid stream) => store.WriteAsync($"DELETE FROM signal_sets WHERE stream_id = {stream}");

    /// <summary>Counts a refusal of a SET, unless the stream was changed meanwhile.</summary>
    public Task<int> CountRefusalAsync(WaitingSet set, LeasedStream leased) => store.WriteAsync(
        $"UPDATE signal_sets SET refusals = refusals + 1 WHERE number = {set.Number} AND {IsHeld(leased)}");

    public Task<int> CountAsync() => store.ReadAsync(db => db.Set<WaitingSet>().CountAsync());

    private async Task<IEnumerable<OverfullStream>> ListOverfullAsync(Guid[] streams)
    {
        var found = await store.ReadAsync<OverfullStream>(
            $"""
            SELECT s.id AS "Id",
                   (SELECT number FROM signal_sets WHERE stream_id = s.id ORDER BY number DESC LIMIT 1 OFFSET {SignalStream.MostWaiting}) AS "Dropped"
            FROM signal_streams AS s WHERE s.id {store.Among(streams)}
            """);
        return found.Where(stream => stream.Dropped is not null);
    }

    private static FormattableString IsHeld(LeasedStream leased) =>
        $"EXISTS (SELECT 1 FROM signal_streams AS s WHERE s.id = {leased.Id} AND s.claims = {leased.LeaseNumber})";

    /// <param name="Id">Of a stream.</param>
    /// <param name="Dropped">The number of its newest SET that is one too many; null when it has no more than it may.</param>
    private sealed record OverfullStream(Guid Id, long? Dropped);
}
