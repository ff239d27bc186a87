using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthService.Audit;

/// <summary>Lists audit entries and deletes those past their retention.</summary>
internal sealed class AuditStore(Store store, IOptionsMonitor<AuditOptions> options)
{
    /// <summary>
    /// The newest entries first, from a place on. Entries that are written meanwhile come before it, so nothing is repeated and
    /// nothing left out; each filter has an index in this order.
    /// </summary>
    public async Task<RowPage<AuditEntry>> ListAsync(AuditFilter filter, RowPosition? after, int limit)
    {
        var found = await store.ReadAsync(db => Filter(db.Set<AuditEntry>().AsNoTracking(), filter, after)
            .OrderByDescending(e => e.At).ThenByDescending(e => e.Number).Take(limit + 1).ToListAsync());
        return RowPage.Of(found, limit, entry => new RowPosition(entry.At, entry.Number));
    }

    /// <summary>Whether the role of the service may forget entries; otherwise <c>audit purge</c> is run by the owner of the schema.</summary>
    public async Task<bool> MayDeleteAsync() =>
        !store.IsPostgres || await store.ReadAsync<bool>($"SELECT has_table_privilege({AuditTable.Name}, 'DELETE') AS \"Value\"") is [true];

    /// <summary>Deletes some entries that are older than <see cref="AuditOptions.Retention"/>.</summary>
    public Task<int> DeleteForgottenAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<AuditEntry>(nameof(AuditEntry.At), Before(now, options.CurrentValue.Retention), limit, cancellation);

    /// <summary>Of the oldest entry; null without any.</summary>
    public async Task<DateTimeOffset?> FindOldestAsync() =>
        await store.ReadAsync(db => db.Set<AuditEntry>().OrderBy(e => e.At).Select(e => (DateTimeOffset?)e.At).FirstOrDefaultAsync());

    /// <summary>A retention of more years than there are keeps everything.</summary>
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

/// <summary>Which entries are asked for; what is null does not matter.</summary>
/// <param name="Principal">The id of the one acted upon.</param>
/// <param name="Actor">The id of the one who acted.</param>
/// <param name="Event">One of <see cref="AuditEvents"/>.</param>
/// <param name="From">Not before this moment.</param>
/// <param name="To">Before this moment.</param>
internal sealed record AuditFilter(string? Principal, string? Actor, string? Event, DateTimeOffset? From, DateTimeOffset? To);
