using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Audit;

/// <summary>The position of one reader in the audit log, shared by all instances.</summary>
internal sealed class EventReaderRecord
{
    public required string Name { get; init; }

    /// <summary>The <see cref="ICommitOrdered.Position"/> of the last entry that was read.</summary>
    public required long Position { get; set; }

    /// <summary>The <see cref="AuditEntry.Number"/> of that entry, because several entries may have the same position.</summary>
    public required long Number { get; set; }

    /// <summary>The last <see cref="AuditEntry.Number"/> that is never read: entries up to it came from a backup, and their positions mean nothing.</summary>
    public long SkippedTo { get; set; }
}

internal sealed class EventReaderTable : IEntityTypeConfiguration<EventReaderRecord>
{
    public const string Name = "event_readers";

    public void Configure(EntityTypeBuilder<EventReaderRecord> table)
    {
        table.ToTable(Name);
        table.HasKey(reader => reader.Name);
        table.Property(reader => reader.SkippedTo).HasDefaultValue(0L);
    }
}

/// <summary>
/// Reads the audit log in the order of commits. Each committed entry is delivered once, no matter which instance reads; a rolled-back entry never is. A
/// transaction that is open anywhere on the database server delays the entries that were committed after it began.
/// </summary>
internal sealed class EventReader(Store store)
{
    /// <summary>
    /// Starts a reader that had no consumers. It begins with entries that are committed after this, and skips the same backup entries as the other readers.
    /// Call it before a consumer is added, in the same transaction.
    /// </summary>
    /// <param name="name">The name of the reader.</param>
    /// <param name="wanting">SQL: the table of the consumers with its WHERE condition. While there are none, the reader may lag behind.</param>
    public Task<int> StartAsync(string name, FormattableString wanting) => store.WriteAsync(
        $"""
        INSERT INTO event_readers (name, position, number, skipped_to)
        SELECT {name}, {CommitOrder.ReadEnd(store)} - 1, {long.MaxValue}, {CommitOrder.LastForeignEntry} FROM commit_order WHERE TRUE
        ON CONFLICT (name) DO UPDATE SET position = excluded.position, number = excluded.number WHERE NOT EXISTS (SELECT 1 FROM {wanting})
        """);

    /// <summary>Computes the lag of a reader in seconds.</summary>
    /// <param name="oldest">The time of the oldest unread entry; null when there is none.</param>
    /// <param name="now">The current time.</param>
    public static double LagOf(DateTimeOffset? oldest, DateTimeOffset now) => oldest is { } at ? Math.Max(0, (now - at).TotalSeconds) : 0;

    /// <summary>Locks the reader until the transaction ends, so that no other instance can read with it or lock it.</summary>
    public Task<bool> HoldAsync(string name) => store.TryHoldAsync($"event_readers WHERE name = {name}", RowLock.Exclusive);

    /// <summary>Delivers all unread entries. When there are none, this is a single query.</summary>
    /// <param name="name">The name of the reader; one that was not started reads nothing.</param>
    /// <param name="limit">The number of entries per transaction.</param>
    /// <param name="take">Processes the entries and writes the result through the same store. It may run several times, but only one run is committed.</param>
    /// <param name="reportUnread">
    /// Gets the time of the oldest unread entry before it is read; null when there is none. The entry stays unread when processing fails, when another instance
    /// reads it, or while a transaction is open that began before it was committed.
    /// </param>
    /// <param name="stopping">Stops the loop between two transactions.</param>
    public async Task ReadAsync(
        string name, int limit, Func<IReadOnlyList<AuditEntry>, Task> take, Action<DateTimeOffset?> reportUnread, CancellationToken stopping)
    {
        DateTimeOffset? oldest;
        do
        {
            oldest = await FindOldestUnreadAsync(name);
            reportUnread(oldest);
        }
        while (oldest is not null && !stopping.IsCancellationRequested && await ReadSomeAsync(name, limit, take) > 0);
    }

    private Task<int> ReadSomeAsync(string name, int limit, Func<IReadOnlyList<AuditEntry>, Task> take) => store.InTransactionAsync(async () =>
    {
        if (await TryHoldAsync(name) is not { } reader)
            return 0;
        var entries = await store.ReadAsync(db => db.FromSql<AuditEntry>(
            $"""
            SELECT * FROM audit_events
            WHERE position >= {reader.Position} AND (position > {reader.Position} OR number > {reader.Number}) AND position < {CommitOrder.ReadEnd(store)}
              AND number > {reader.SkippedTo}
            ORDER BY position, number LIMIT {limit}
            """).AsNoTracking().ToListAsync());
        if (entries.Count == 0)
            return 0;
        await take(entries);
        await store.WriteAsync($"UPDATE event_readers SET position = {entries[^1].Position}, number = {entries[^1].Number} WHERE name = {name}");
        return entries.Count;
    });

    /// <returns>The time of the oldest unread entry; null when all are read, or when the reader was not started.</returns>
    public async Task<DateTimeOffset?> FindOldestUnreadAsync(string name)
    {
        var unread = await store.ReadAsync<long>(
            $"""
            SELECT at AS "Value" FROM audit_events
            WHERE position >= (SELECT position FROM event_readers WHERE name = {name})
              AND (position > (SELECT position FROM event_readers WHERE name = {name}) OR number > (SELECT number FROM event_readers WHERE name = {name}))
              AND position < {CommitOrder.WriteEnd(store)} AND number > (SELECT skipped_to FROM event_readers WHERE name = {name})
            ORDER BY position, number LIMIT 1
            """);
        return unread is [var at] ? UnixMicroseconds.To(at) : null;
    }

    /// <returns>Null when there is no such reader, or another instance has locked it.</returns>
    private async Task<EventReaderRecord?> TryHoldAsync(string name)
    {
        var held = await store.WriteAsync<EventReaderRecord>(
            $"""
            SELECT name AS "Name", position AS "Position", number AS "Number", skipped_to AS "SkippedTo" FROM event_readers WHERE name = {name}
            {store.SkipLocked}
            """);
        return held.FirstOrDefault();
    }
}
