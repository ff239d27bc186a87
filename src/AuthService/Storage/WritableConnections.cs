using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace AuthService.Storage;

/// <summary>
/// SQLite opens a file that may not be written for reading only, without a word. Such a connection stays out of the pool:
/// it would still refuse to write when the file has long been writable again.
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
