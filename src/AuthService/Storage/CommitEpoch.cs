using System.Security.Cryptography;

namespace AuthService.Storage;

/// <summary>Starts a new <see cref="CommitOrder.Epoch"/> in a database that was restored or moved, because earlier positions mean nothing there.</summary>
internal static class CommitEpoch
{
    /// <summary>The tables of revocations, which have positions. The audit log has positions too, but its entries are never changed.</summary>
    private static readonly string[] Revocations = ["ended_sessions", "revoked_tokens", "identity_revocations"];

    /// <summary>
    /// The name of a reader of the audit log that nobody starts. Its row keeps up to which entry readers that are started later must skip.
    /// </summary>
    private const string NoReader = "";

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
            UPDATE event_readers SET position = {CommitOrder.ReadEnd(store)} - 1, number = {long.MaxValue},
                skipped_to = (SELECT COALESCE(MAX(number), 0) FROM audit_events)
            """);
        if (!store.IsPostgres)
            return;
        foreach (var table in Revocations)
            await store.WriteAsync($"UPDATE {SqlText.Raw(table)} SET position = DEFAULT WHERE position >= {CommitOrder.WriteEnd(store)}");
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
        FormattableString newest = $"(SELECT position FROM audit_events WHERE number > {CommitOrder.LastForeignEntry} ORDER BY number DESC LIMIT 1) AS newest";
        foreach (var rows in Revocations.Append("event_readers").Select(SqlText.Raw).Append(newest))
        {
            var beyond = await store.ReadAsync<int>($"SELECT 1 AS \"Value\" FROM {rows} WHERE position >= {CommitOrder.WriteEnd(store)} LIMIT 1");
            if (beyond.Count == 0)
                continue;
            await RenewAsync(store);
            return true;
        }

        return false;
    });
}
