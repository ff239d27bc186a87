using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace AuthService.Storage;

/// <summary>
/// Keeps read-only connections out of the pool. SQLite silently opens a file that is not writable for reading only. A pooled connection would still
/// refuse to write long after the file is writable again.
/// </summary>
internal sealed class WritableConnections : DbConnectionInterceptor
{
    private const string Main = "main";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => KeepOutOfPool(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        KeepOutOfPool(connection);
        return Task.CompletedTask;
    }

    private static void KeepOutOfPool(DbConnection connection)
    {
        if (connection is SqliteConnection { Handle: { } handle } opened && raw.sqlite3_db_readonly(handle, Main) == 1)
            SqliteConnection.ClearPool(opened);
    }
}
