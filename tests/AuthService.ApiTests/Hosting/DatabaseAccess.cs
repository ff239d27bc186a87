using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Hosting;

public sealed record OpenTransaction(DbConnection Connection, DbTransaction Transaction) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Fails unless the call waits for this transaction. PostgreSQL shows when it waits. On SQLite the call gets some time to reach that point.
    /// </summary>
    public async Task ExpectToHoldUpAsync(Task call)
    {
        if (Connection is NpgsqlConnection)
        {
            for (var waited = Stopwatch.StartNew(); !call.IsCompleted && !await HoldsSomebodyUpAsync(); await Task.Delay(20))
                Assert.True(waited.Elapsed < Patience, "Nobody waits for the transaction");
        }
        else
        {
            await Task.WhenAny(call, Task.Delay(TimeSpan.FromMilliseconds(300)));
        }

        Assert.False(call.IsCompleted, "The call did not wait for the transaction");
    }

    private async Task<bool> HoldsSomebodyUpAsync()
    {
        await using var command = Connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))";
        command.Transaction = Transaction;
        return await command.ExecuteScalarAsync() is > 0L;
    }

    public async ValueTask DisposeAsync()
    {
        await Transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}

/// <summary>Direct access to the database, for data that no endpoint shows.</summary>
public static class DatabaseAccess
{
    public static Task<long> CountAsync(this TestDatabase database, string table) => NumberAsync(database, $"SELECT count(*) FROM {table}");

    /// <summary>Counts the other connections to a database of PostgreSQL.</summary>
    public static Task<long> ConnectionsAsync(this TestDatabase database) => NumberAsync(
        database, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()");

    public static async Task ExecuteAsync(this TestDatabase database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = CommandFor(connection, sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Executes SQL in a transaction that stays open until it is committed. Calls that need the same rows wait; on SQLite all calls that write wait.
    /// </summary>
    public static async Task<OpenTransaction> BeginAsync(this TestDatabase database, string sql)
    {
        var connection = await OpenAsync(database);
        var open = new OpenTransaction(connection, await connection.BeginTransactionAsync());
        await using var command = CommandFor(connection, sql);
        command.Transaction = open.Transaction;
        await command.ExecuteNonQueryAsync();
        return open;
    }

    /// <summary>Opens a connection. The caller closes it.</summary>
    public static async Task<DbConnection> OpenAsync(this TestDatabase database)
    {
        DbConnection connection = database.IsPostgres
            ? new NpgsqlConnection(database.ConnectionString)
            : new SqliteConnection(database.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <returns>The single number that the query returns.</returns>
    public static async Task<long> NumberAsync(this TestDatabase database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = CommandFor(connection, sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private static DbCommand CommandFor(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = PostgresServer.Patience;
        return command;
    }
}
