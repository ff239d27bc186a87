using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthService.Audit;

/// <summary>Reads the record, and forgets what has been on it for long enough.</summary>
internal sealed class AuditStore(AuthDbContext db, IOptionsMonitor<AuditOptions> options)
{
    /// <summary>
    /// The newest deeds first, from a place on. Deeds that are written meanwhile come before it, so nothing is repeated and
    /// nothing left out; each filter has an index in this order.
    /// </summary>
    public async Task<AuditPage> ListAsync(AuditFilter filter, AuditPosition? after, int limit)
    {
        var found = Filter(db.Set<AuditEvent>().AsNoTracking(), filter);
        if (after is not null)
            found = found.Where(e => e.At <= after.At && (e.At < after.At || e.Number < after.Number));
        var items = await found.OrderByDescending(e => e.At).ThenByDescending(e => e.Number).Take(limit + 1).ToListAsync();
        if (items.Count <= limit)
            return new AuditPage(items, Next: null);
        items.RemoveAt(limit);
        return new AuditPage(items, new AuditPosition(items[^1].At, items[^1].Number));
    }

    /// <summary>Forgets some deeds that are older than <see cref="AuditOptions.Retention"/>.</summary>
    public Task<int> DeleteForgottenAsync(DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var passOverLocked = db.IsPostgres ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $"DELETE FROM audit_events WHERE number IN (SELECT number FROM audit_events WHERE at <= {{0}} ORDER BY at LIMIT {{1}} {passOverLocked})";
        return db.Database.ExecuteSqlRawAsync(sql, [UnixMicroseconds.From(now) - (long)options.CurrentValue.Retention.TotalMicroseconds, limit], cancellation);
    }

    private static IQueryable<AuditEvent> Filter(IQueryable<AuditEvent> events, AuditFilter filter)
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
        return events;
    }
}

/// <summary>Which deeds are asked for; what is null does not matter.</summary>
/// <param name="Principal">The id of the one acted upon.</param>
/// <param name="Actor">The id of the one who acted.</param>
/// <param name="Event">One of <see cref="AuditEvents"/>.</param>
/// <param name="From">Not before this moment.</param>
/// <param name="To">Before this moment.</param>
internal sealed record AuditFilter(string? Principal, string? Actor, string? Event, DateTimeOffset? From, DateTimeOffset? To);

/// <param name="Items">The newest first.</param>
/// <param name="Next">Where the next page begins; null on the last one.</param>
internal sealed record AuditPage(IReadOnlyList<AuditEvent> Items, AuditPosition? Next);
