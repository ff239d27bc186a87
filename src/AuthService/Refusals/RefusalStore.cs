using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Refusals;

/// <summary>Selects refused calls; null means no restriction.</summary>
/// <param name="Principal">The id of the principal that the call was about.</param>
/// <param name="Reason">The code of a <see cref="RefusalReason"/> or of an error.</param>
/// <param name="From">The earliest time.</param>
internal sealed record RefusalFilter(string? Principal, string? Reason, DateTimeOffset? From);

/// <summary>Stores refused calls for a day.</summary>
internal sealed class RefusalStore(Store store)
{
    /// <summary>The limit for one trace, because a caller may use its own trace id for any number of calls.</summary>
    private const int MostOfTrace = 100;

    public Task AddAsync(IReadOnlyList<RefusedCall> refused) => store.InsertAsync([.. refused]);

    /// <returns>The refused calls of a trace, the oldest first.</returns>
    public async Task<IReadOnlyList<RefusedCall>> FindAsync(string traceId, DateTimeOffset now)
    {
        var since = SinceFor(now);
        return await store.ReadAsync(db => db.Set<RefusedCall>().AsNoTracking()
            .Where(refused => refused.TraceId == traceId && refused.At > since)
            .OrderBy(refused => refused.At).ThenBy(refused => refused.Number).Take(MostOfTrace).ToListAsync());
    }

    public async Task<RowPage<RefusedCall>> ListAsync(RefusalFilter filter, RowPosition? after, int limit, DateTimeOffset now)
    {
        var since = SinceFor(now);
        var found = await store.ReadAsync(db => Filter(db.Set<RefusedCall>().AsNoTracking(), filter, after).Where(refused => refused.At > since)
            .OrderByDescending(refused => refused.At).ThenByDescending(refused => refused.Number).Take(limit + 1).ToListAsync());
        return RowPage.Of(found, limit, refused => new RowPosition(refused.At, refused.Number));
    }

    /// <summary>Deletes some calls that have been kept long enough.</summary>
    public Task<int> DeleteForgottenAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<RefusedCall>(nameof(RefusedCall.At), SinceFor(now), limit, cancellation);

    private static DateTimeOffset SinceFor(DateTimeOffset now) => now - RefusedCall.Retention;

    private static IQueryable<RefusedCall> Filter(IQueryable<RefusedCall> refused, RefusalFilter filter, RowPosition? after)
    {
        if (filter.Principal is { } principal)
            refused = refused.Where(r => r.Principal == principal);
        if (filter.Reason is { } reason)
            refused = refused.Where(r => r.Reason == reason);
        if (filter.From is { } from)
            refused = refused.Where(r => r.At >= from);
        if (after is not null)
            refused = refused.Where(r => r.At <= after.At && (r.At < after.At || r.Number < after.Number));
        return refused;
    }
}
