using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthService.Audit;

/// <summary>Lists audit entries and deletes those past their retention.</summary>
internal sealed class AuditStore(Store store, IOptionsMonitor<AuditOptions> options)
{
    /// <summary>
    /// Lists the entries after a position, newest first. Entries that are written meanwhile come before it, so no entry is repeated or left out. Each filter
    /// has an index in this order.
    /// </summary>
    public async Task<RowPage<AuditEntry>> ListAsync(AuditFilter filter, RowPosition? after, int limit)
    {
        var found = await store.ReadAsync(db => Filter(db.Set<AuditEntry>().AsNoTracking(), filter, after)
            .OrderByDescending(e => e.At).ThenByDescending(e => e.Number).Take(limit + 1).ToListAsync());
        return RowPage.Of(found, limit, entry => new RowPosition(entry.At, entry.Number));
    }

    /// <summary>Returns whether the database role of the service may delete entries. If not, the owner of the schema runs <c>audit purge</c>.</summary>
    public async Task<bool> MayDeleteAsync() =>
        !store.IsPostgres || await store.ReadAsync<bool>($"SELECT has_table_privilege({AuditTable.Name}, 'DELETE') AS \"Value\"") is [true];

    /// <summary>Deletes some entries that are older than <see cref="AuditOptions.Retention"/>.</summary>
    public Task<int> DeleteForgottenAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<AuditEntry>(nameof(AuditEntry.At), Before(now, options.CurrentValue.Retention), limit, cancellation);

    /// <summary>Returns the time of the oldest entry; null when there is none.</summary>
    public async Task<DateTimeOffset?> FindOldestAsync() =>
        await store.ReadAsync(db => db.Set<AuditEntry>().OrderBy(e => e.At).Select(e => (DateTimeOffset?)e.At).FirstOrDefaultAsync());

    /// <summary>Returns the time before which entries are deleted. A retention beyond the first year keeps everything.</summary>
    private static DateTimeOffset Before(DateTimeOffset now, TimeSpan retention) =>
        retention > now - DateTimeOffset.MinValue ? DateTimeOffset.MinValue : now - retention;

    private static IQueryable<AuditEntry> Filter(IQueryable<AuditEntry> events, AuditFilter filter, RowPosition? after)
    {
        if (filter.Principal is { } principal)
            events = events.Where(e => e.Principal == principal);
        if (filter.Actor is { } actor)
            events = events.Where(e => e.Actor == actor);
        if (filter.Event is { } name)
            events = events.Where(e => e.Event == name);
        if (filter.From is { } from)
            events = events.Where(e => e.At >= from);
        if (filter.To is { } to)
            events = events.Where(e => e.At < to);
        if (after is not null)
            events = events.Where(e => e.At <= after.At && (e.At < after.At || e.Number < after.Number));
        return events;
    }
}

/// <summary>Selects audit entries; null means no restriction.</summary>
/// <param name="Principal">The id of the principal acted upon.</param>
/// <param name="Actor">The id of the actor.</param>
/// <param name="Event">One of <see cref="AuditEvents"/>.</param>
/// <param name="From">The earliest time.</param>
/// <param name="To">The time before which the entries must be.</param>
internal sealed record AuditFilter(string? Principal, string? Actor, string? Event, DateTimeOffset? From, DateTimeOffset? To);
