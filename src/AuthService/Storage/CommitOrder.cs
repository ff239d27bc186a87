using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Storage;

/// <summary>
/// A row that readers read in the order in which transactions commit. The numbers that the store gives to rows are not in that order: a reader that
/// goes by number misses rows that are committed late.
/// </summary>
internal interface ICommitOrdered
{
    /// <summary>
    /// The position in the commit order, given by the store. In PostgreSQL it is the id of the transaction that wrote the row. In SQLite, which
    /// writes one transaction after the other, it is the next number. Null in rows that are older than this column. A reader that has read all rows
    /// below the <see cref="CommitOrder.ReadEnd"/> of the same snapshot misses none: no row is added below it later.
    /// </summary>
    long? Position { get; }
}

/// <summary>The one row that identifies the database to which the positions belong. In SQLite it also holds the last position.</summary>
internal sealed class CommitOrder
{
    public const string Table = "commit_order";

    /// <summary>The tables of revocations, which have positions. The audit log has positions too, but its entries are never changed.</summary>
    private static readonly string[] Revocations = ["ended_sessions", "revoked_tokens", "identity_revocations"];

    /// <summary>
    /// The name of a reader of the audit log that nobody starts. Its row keeps up to which entry readers that are started later must skip.
    /// </summary>
    private const string NoReader = "";

    /// <summary>SQL for PostgreSQL: the id of the current transaction. It is the default value of the position column.</summary>
    public const string Current = "((pg_current_xact_id())::text)::bigint";

    /// <summary>SQL: the current <see cref="Epoch"/>.</summary>
    public static readonly FormattableString CurrentEpoch = SqlText.Raw($"(SELECT epoch FROM {Table})");

    /// <summary>
    /// SQL: the number of the last audit entry that came with a backup. The positions of that entry and of all earlier ones mean nothing in this
    /// database.
    /// </summary>
    public static readonly FormattableString LastForeignEntry = SqlText.Raw("(SELECT COALESCE(MAX(skipped_to), 0) FROM event_readers)");

    /// <summary>
    /// Identifies the database that gave the positions. It changes when a backup is restored, because earlier positions mean nothing then.
    /// </summary>
    public required string Epoch { get; init; }

    /// <summary>The last position that was given. Used only in SQLite.</summary>
    public required long Last { get; init; }

    /// <summary>Gets the SQL of a position below which no row is added any more, whichever transactions are running now.</summary>
    public static FormattableString ReadEnd(Store store) =>
        SqlText.Raw(store.IsPostgres ? "(pg_snapshot_xmin(pg_current_snapshot())::text)::bigint" : $"(SELECT last + 1 FROM {Table})");

    /// <summary>Gets the SQL of the first position that no transaction has yet. A row at or after it came with a backup.</summary>
    public static FormattableString WriteEnd(Store store) =>
        SqlText.Raw(store.IsPostgres ? "(pg_snapshot_xmax(pg_current_snapshot())::text)::bigint" : $"(SELECT last + 1 FROM {Table})");

    /// <summary>Gets the SQL of the last position that the current transaction has written.</summary>
    public static FormattableString Written(Store store) => SqlText.Raw(store.IsPostgres ? Current : $"(SELECT last FROM {Table})");

    /// <summary>
    /// Finds the place in the commit order of the last row that the current transaction has written. It counts once the transaction is committed.
    /// </summary>
    public static async Task<CommitPlace> FindWrittenAsync(Store store) => (await store.ReadAsync<CommitPlace>(
        $"SELECT {CurrentEpoch} AS \"Epoch\", {Written(store)} AS \"Position\""))[0];

    /// <summary>
    /// Starts a new epoch in a store that was restored, because earlier positions mean nothing any more. In PostgreSQL, revocations that another
    /// server's transactions wrote get a position of this server. Readers of the audit log continue with entries that are written from now on.
    /// </summary>
    public static async Task RenewAsync(Store store)
    {
        store.AllowLongStatements();
        await store.WriteAsync($"UPDATE commit_order SET epoch = {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}");
        await store.WriteAsync($"INSERT INTO event_readers (name, position, number) VALUES ({NoReader}, 0, 0) ON CONFLICT (name) DO NOTHING");
        await store.WriteAsync(
            $"""
            UPDATE event_readers SET position = {ReadEnd(store)} - 1, number = {long.MaxValue},
                skipped_to = (SELECT COALESCE(MAX(number), 0) FROM audit_events)
            """);
        if (!store.IsPostgres)
            return;
        foreach (var table in Revocations)
            await store.WriteAsync($"UPDATE {SqlText.Raw(table)} SET position = DEFAULT WHERE position >= {WriteEnd(store)}");
    }

    /// <summary>
    /// Starts a new epoch if the database was moved here from another server, for example by a dump. Its positions are ids of that server's
    /// transactions and higher than those of this server, so readers would wait until this server has reached them.
    /// </summary>
    /// <returns>Whether the database was moved.</returns>
    public static Task<bool> RenewIfMovedAsync(Store store) => store.InTransactionAsync(async () =>
    {
        if (!store.IsPostgres || !await store.TryHoldAsync($"commit_order", RowLock.Exclusive))
            return false;
        // Audit entries that are skipped keep their old positions. The newest entry after them shows whether others have come since.
        FormattableString newest = $"(SELECT position FROM audit_events WHERE number > {LastForeignEntry} ORDER BY number DESC LIMIT 1) AS newest";
        foreach (var rows in Revocations.Append("event_readers").Select(SqlText.Raw).Append(newest))
        {
            var beyond = await store.ReadAsync<int>($"SELECT 1 AS \"Value\" FROM {rows} WHERE position >= {WriteEnd(store)} LIMIT 1");
            if (beyond.Count == 0)
                continue;
            await RenewAsync(store);
            return true;
        }

        return false;
    });

    /// <summary>Leaves the position to the store. Default values or triggers set it, never an insert.</summary>
    public static void Configure(IMutableEntityType entity, bool isPostgres)
    {
        if (!isPostgres || entity.FindProperty(nameof(ICommitOrdered.Position)) is not { } position)
            return;
        position.SetDefaultValueSql(Current);
        position.ValueGenerated = ValueGenerated.OnAdd;
        position.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
    }
}

/// <summary>
/// The snapshot of a statement in PostgreSQL. It contains all committed transactions below its end, except those that were still running.
/// </summary>
/// <param name="End">The first transaction id that was not given yet (see <see cref="CommitOrder.WriteEnd"/>).</param>
/// <param name="Running">The transactions below the end that were still running.</param>
internal sealed record CommitSnapshot(long End, long[] Running)
{
    /// <summary>
    /// Gets the SQL of the snapshot of the current statement. It is null in SQLite, where a statement sees everything that is committed.
    /// </summary>
    public static FormattableString Current(Store store) => SqlText.Raw(store.IsPostgres ? "pg_current_snapshot()::text" : "CAST(NULL AS text)");

    /// <param name="text">The snapshot as PostgreSQL writes it: <c>xmin:xmax:xip,xip…</c></param>
    public static CommitSnapshot? Parse(string? text) => text?.Split(':') is [_, var end, var running]
        ? new CommitSnapshot(ToNumber(end), [.. running.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ToNumber)])
        : null;

    private static long ToNumber(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>The place of a transaction in the commit order.</summary>
internal sealed record CommitPlace(string Epoch, long Position);

internal sealed class CommitOrderTable : IEntityTypeConfiguration<CommitOrder>
{
    public void Configure(EntityTypeBuilder<CommitOrder> table)
    {
        table.ToTable(CommitOrder.Table);
        table.HasKey(order => order.Epoch);
    }
}
