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
