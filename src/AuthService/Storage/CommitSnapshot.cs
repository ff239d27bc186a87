using System.Globalization;

namespace AuthService.Storage;

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
