using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Storage;

/// <summary>
/// A row that is read in the order in which transactions commit. Numbers that the store gives to rows are not in that order: a reader that goes by
/// them passes over what commits late.
/// </summary>
internal interface ICommitOrdered
{
    /// <summary>
    /// In PostgreSQL the id of the transaction that wrote the row, in SQLite, which writes one transaction after the other, the next number; given by
    /// the store. Null in rows from before this was kept. A reader that has read below the end that <see cref="CommitOrder.ReadEnd"/> gave
    /// with the same snapshot has read all there will ever be below it.
    /// </summary>
    long? Position { get; }
}

/// <summary>How far the commits have come, and of which database the positions are.</summary>
internal sealed class CommitOrder
{
    public const string Table = "commit_order";

    /// <summary>The tables of revocations, whose rows have a position; the audit log has one as well, and is never changed.</summary>
    private static readonly string[] Revocations = ["ended_sessions", "revoked_tokens", "identity_revocations"];

    /// <summary>The reader of the audit log that no one starts: it keeps what those have to skip that are started later.</summary>
    private const string NoReader = "";

    /// <summary>The default of the column in PostgreSQL.</summary>
    public const string Current = "((pg_current_xact_id())::text)::bigint";

    /// <summary>SQL: the <see cref="Epoch"/>.</summary>
    public static readonly FormattableString CurrentEpoch = SqlText.Raw($"(SELECT epoch FROM {Table})");

    /// <summary>SQL: the number of the last audit entry that came with a backup; its position, and those before it, mean nothing.</summary>
    public static readonly FormattableString LastForeignEntry = SqlText.Raw("(SELECT COALESCE(MAX(skipped_to), 0) FROM event_readers)");

    /// <summary>Made anew when a backup is restored: positions of before mean nothing then.</summary>
    public required string Epoch { get; init; }

    /// <summary>In SQLite the last position that was given.</summary>
    public required long Last { get; init; }

    /// <summary>SQL: below this position nothing will be added any more, of whatever is running now.</summary>
    public static FormattableString ReadEnd(Store store) =>
        SqlText.Raw(store.IsPostgres ? "(pg_snapshot_xmin(pg_current_snapshot())::text)::bigint" : $"(SELECT last + 1 FROM {Table})");

    /// <summary>SQL: from this position on nothing has begun yet. A row beyond it came with a backup.</summary>
    public static FormattableString WriteEnd(Store store) =>
        SqlText.Raw(store.IsPostgres ? "(pg_snapshot_xmax(pg_current_snapshot())::text)::bigint" : $"(SELECT last + 1 FROM {Table})");

    /// <summary>SQL: the position of what the transaction that asks has written last.</summary>
    public static FormattableString Written(Store store) => SqlText.Raw(store.IsPostgres ? Current : $"(SELECT last FROM {Table})");

    /// <summary>Where the transaction that is running has written last, once it is committed.</summary>
    public static async Task<CommitPlace> FindWrittenAsync(Store store) => (await store.ReadAsync<CommitPlace>(
        SqlText.Join($"SELECT {CurrentEpoch} AS \"Epoch\", {Written(store)} AS \"Position\"")))[0];

    /// <summary>
    /// In a store that was restored: positions of before mean nothing any more, and rows whose transactions were another server's are written now.
    /// Readers of the audit log go on with what is written from here on.
    /// </summary>
    public static async Task RenewAsync(Store store)
    {
        store.AllowLongStatements();
        await store.WriteAsync($"UPDATE commit_order SET epoch = {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}");
        await store.WriteAsync($"INSERT INTO event_readers (name, position, number) VALUES ({NoReader}, 0, 0) ON CONFLICT (name) DO NOTHING");
        await store.WriteAsync(SqlText.Join(
            $"""
            UPDATE event_readers SET position = {ReadEnd(store)} - 1, number = {long.MaxValue},
                skipped_to = (SELECT COALESCE(MAX(number), 0) FROM audit_events)
            """));
        if (!store.IsPostgres)
            return;
        foreach (var table in Revocations)
            await store.WriteAsync(SqlText.Join($"UPDATE {SqlText.Raw(table)} SET position = DEFAULT WHERE position >= {WriteEnd(store)}"));
    }

    /// <summary>
    /// The same when the database was moved here from another server, as by a dump: its positions, which are numbers of transactions, are beyond those of
    /// this one. Readers would wait until this server has come as far.
    /// </summary>
    /// <returns>Whether it was.</returns>
    public static Task<bool> RenewIfMovedAsync(Store store) => store.InTransactionAsync(async () =>
    {
        if (!store.IsPostgres || !await store.TryHoldAsync($"commit_order", RowLock.Exclusive))
            return false;
        // Old entries keep the positions that they have: the newest one says whether any came since they were skipped.
        var newest = SqlText.Join($"(SELECT position FROM audit_events WHERE number > {LastForeignEntry} ORDER BY number DESC LIMIT 1) AS newest");
        foreach (var rows in Revocations.Append("event_readers").Select(SqlText.Raw).Append(newest))
        {
            var beyond = await store.ReadAsync<int>(SqlText.Join($"SELECT 1 AS \"Value\" FROM {rows} WHERE position >= {WriteEnd(store)} LIMIT 1"));
            if (beyond.Count == 0)
                continue;
            await RenewAsync(store);
            return true;
        }

        return false;
    });

    /// <summary>Positions are given by the store: by default values or by triggers, never by an insert.</summary>
    public static void Configure(IMutableEntityType entity, bool isPostgres)
    {
        if (!isPostgres || entity.FindProperty(nameof(ICommitOrdered.Position)) is not { } position)
            return;
        position.SetDefaultValueSql(Current);
        position.ValueGenerated = ValueGenerated.OnAdd;
        position.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
    }
}

/// <summary>What a statement in PostgreSQL could see: all that was committed of the transactions below its end, but those that were running.</summary>
/// <param name="End"><see cref="CommitOrder.WriteEnd"/>.</param>
/// <param name="Running">Those below the end that were not over.</param>
internal sealed record CommitSnapshot(long End, long[] Running)
{
    /// <summary>SQL: the snapshot of the statement that asks; null in SQLite, whose statements see all there is.</summary>
    public static FormattableString Current(Store store) => SqlText.Raw(store.IsPostgres ? "pg_current_snapshot()::text" : "CAST(NULL AS text)");

    /// <param name="text">As PostgreSQL writes it: <c>xmin:xmax:xip,xip…</c></param>
    public static CommitSnapshot? Parse(string? text) => text?.Split(':') is [_, var end, var running]
        ? new CommitSnapshot(ToNumber(end), [.. running.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ToNumber)])
        : null;

    private static long ToNumber(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>Where a transaction stands in the commit order.</summary>
internal sealed record CommitPlace(string Epoch, long Position);

internal sealed class CommitOrderTable : IEntityTypeConfiguration<CommitOrder>
{
    public void Configure(EntityTypeBuilder<CommitOrder> table)
    {
        table.ToTable(CommitOrder.Table);
        table.HasKey(order => order.Epoch);
    }
}
