using AuthService.Audit;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Webhooks;

/// <summary>Finds the audit entries that a replay sends to a webhook.</summary>
internal static class ReplayedEntries
{
    /// <summary>Lists the oldest entries that the patterns choose.</summary>
    /// <param name="store">The caller's.</param>
    /// <param name="patterns">Those of the webhook, by <see cref="EventPattern"/>; null for every success.</param>
    /// <param name="from">Not before this moment.</param>
    /// <param name="after">Only entries after this one; null for all.</param>
    /// <param name="limit">How many at most.</param>
    public static async Task<List<AuditEntry>> ListAsync(
        Store store, IReadOnlyList<string>? patterns, DateTimeOffset from, RowPosition? after, int limit)
    {
        var done = EventPattern.NamesOf(patterns, AuditOutcome.Success);
        var refused = EventPattern.NamesOf(patterns, AuditOutcome.Refused);
        var start = after is null || after.At < from ? new RowPosition(from, Number: -1) : after;
        return done.Length == AuditEvents.All.Count
            ? await ListAllAsync(store, done, refused, start, limit)
            : await ListChosenAsync(store, done, refused, start, limit);
    }

    /// <summary>Reads entry after entry, because nearly all of them are chosen.</summary>
    private static Task<List<AuditEntry>> ListAllAsync(Store store, string[] done, string[] refused, RowPosition start, int limit) => store.ReadAsync(
        db => After(db, start)
            .Where(entry => (entry.Outcome == AuditOutcome.Success && done.Contains(entry.Event))
                || (entry.Outcome == AuditOutcome.Refused && refused.Contains(entry.Event)))
            .OrderBy(entry => entry.At).ThenBy(entry => entry.Number).Take(limit).ToListAsync());

    /// <summary>
    /// Reads the entries of one event after the other by its index, and merges them. The events that a webhook chooses may be so rare that one query for
    /// all of them would read most of the audit log.
    /// </summary>
    private static async Task<List<AuditEntry>> ListChosenAsync(Store store, string[] done, string[] refused, RowPosition start, int limit)
    {
        List<AuditEntry> merged = [];
        foreach (var (name, outcome) in done.Select(name => (name, AuditOutcome.Success)).Concat(refused.Select(name => (name, AuditOutcome.Refused))))
        {
            var end = merged.Count == limit ? merged[^1].At : DateTimeOffset.MaxValue;
            var found = await store.ReadAsync(db => After(db, start)
                .Where(entry => entry.Event == name && entry.Outcome == outcome && entry.At <= end)
                .OrderBy(entry => entry.At).ThenBy(entry => entry.Number).Take(limit).ToListAsync());
            if (found.Count > 0)
                merged = [.. merged.Concat(found).OrderBy(entry => entry.At).ThenBy(entry => entry.Number).Take(limit)];
        }

        return merged;
    }

    private static IQueryable<AuditEntry> After(AuthDbContext db, RowPosition start) => db.Set<AuditEntry>().AsNoTracking()
        .Where(entry => entry.At >= start.At && (entry.At > start.At || entry.Number > start.Number));
}
