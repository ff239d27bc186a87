using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Audit;

/// <summary>How far one reader has come in the audit log, over all instances.</summary>
internal sealed class EventReaderRecord
{
    public required string Name { get; init; }

    /// <summary><see cref="ICommitOrdered.Position"/> of the last entry that was read.</summary>
    public required long Position { get; set; }

    /// <summary><see cref="AuditEntry.Number"/> of that entry: several may have one position.</summary>
    public required long Number { get; set; }

    /// <summary>The last <see cref="AuditEntry.Number"/> that is never read: so far entries came with a backup, and their positions mean nothing.</summary>
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
/// Reads the audit log in the order of its commits: each entry that is committed is handed on once, none that is taken back, whatever instance reads.
/// A transaction that is still open anywhere in the database server holds up what was committed after it began.
/// </summary>
internal sealed class EventReader(Store store)
{
    /// <summary>
    /// A reader that nobody has wanted so far begins with what is committed after this, and skips what the others skip. To be called before somebody is added
    /// who wants it, in the same transaction.
    /// </summary>
    /// <param name="name">Of the reader.</param>
    /// <param name="wanting">Those who want it: a table, and its WHERE. While there are none the reader may be behind.</param>
    public Task<int> StartAsync(string name, FormattableString wanting) => store.WriteAsync(SqlText.Join(
        $"""
        INSERT INTO event_readers (name, position, number, skipped_to)
        SELECT {name}, {CommitOrder.ReadEnd(store)} - 1, {long.MaxValue}, {CommitOrder.LastForeignEntry} FROM commit_order WHERE TRUE
        ON CONFLICT (name) DO UPDATE SET position = excluded.position, number = excluded.number WHERE NOT EXISTS (SELECT 1 FROM {wanting})
        """));

    /// <summary>How far it is behind, in seconds.</summary>
    /// <param name="oldest">When the oldest entry was written that is still to be read; null when there is none.</param>
    /// <param name="now">The moment.</param>
    public static double LagOf(DateTimeOffset? oldest, DateTimeOffset now) => oldest is { } at ? Math.Max(0, (now - at).TotalSeconds) : 0;

    /// <summary>Keeps others from reading, and from holding it, until the transaction is over.</summary>
    public Task<bool> HoldAsync(string name) => store.TryHoldAsync($"event_readers WHERE name = {name}", RowLock.Exclusive);

    /// <summary>Hands all entries on that are there. While there are none, that is one look-up.</summary>
    /// <param name="name">Of the reader; one that was not started reads nothing.</param>
    /// <param name="limit">How many at once, in one transaction with what is written of them.</param>
    /// <param name="take">Writes what is made of the entries, through the same store; may run several times, of which one is committed.</param>
    /// <param name="reportUnread">
    /// Is told when the oldest entry was written that is still to be read, before it is: where that fails, another instance reads it, or a transaction is open
    /// that began before it was committed, it stays so. Null when there is none.
    /// </param>
    /// <param name="stopping">Stops between two transactions.</param>
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
        var entries = await store.ReadAsync(db => db.FromSql<AuditEntry>(SqlText.Join(
            $"""
            SELECT * FROM audit_events
            WHERE position >= {reader.Position} AND (position > {reader.Position} OR number > {reader.Number}) AND position < {CommitOrder.ReadEnd(store)}
              AND number > {reader.SkippedTo}
            ORDER BY position, number LIMIT {limit}
            """)).AsNoTracking().ToListAsync());
        if (entries.Count == 0)
            return 0;
        await take(entries);
        await store.WriteAsync($"UPDATE event_readers SET position = {entries[^1].Position}, number = {entries[^1].Number} WHERE name = {name}");
        return entries.Count;
    });

    /// <returns>When the next entry was written that the reader has not read; null when it has read all there are, or was not started.</returns>
    public async Task<DateTimeOffset?> FindOldestUnreadAsync(string name)
    {
        var unread = await store.ReadAsync<long>(SqlText.Join(
            $"""
            SELECT at AS "Value" FROM audit_events
            WHERE position >= (SELECT position FROM event_readers WHERE name = {name})
              AND (position > (SELECT position FROM event_readers WHERE name = {name}) OR number > (SELECT number FROM event_readers WHERE name = {name}))
              AND position < {CommitOrder.WriteEnd(store)} AND number > (SELECT skipped_to FROM event_readers WHERE name = {name})
            ORDER BY position, number LIMIT 1
            """));
        return unread is [var at] ? UnixMicroseconds.To(at) : null;
    }

    /// <returns>Null when there is no such reader, or another instance holds it.</returns>
    private async Task<EventReaderRecord?> TryHoldAsync(string name)
    {
        var others = SqlText.Raw(store.IsPostgres ? "FOR UPDATE SKIP LOCKED" : "");
        var held = await store.WriteAsync<EventReaderRecord>(SqlText.Join(
            $"""
            SELECT name AS "Name", position AS "Position", number AS "Number", skipped_to AS "SkippedTo" FROM event_readers WHERE name = {name} {others}
            """));
        return held.FirstOrDefault();
    }
}
