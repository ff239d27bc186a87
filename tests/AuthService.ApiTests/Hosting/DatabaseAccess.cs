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

    /// <summary>Fails unless the call waits for this transaction. PostgreSQL tells when it does; on SQLite the call has the time to get so far.</summary>
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

/// <summary>A look behind the service's back, for what no endpoint shows.</summary>
public static class DatabaseAccess
{
    public static Task<long> CountAsync(this TestDatabase database, string table) => NumberAsync(database, $"SELECT count(*) FROM {table}");

    /// <summary>How many connections others than this look have to a database of PostgreSQL.</summary>
    public static Task<long> ConnectionsAsync(this TestDatabase database) => NumberAsync(
        database, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()");

    public static async Task ExecuteAsync(this TestDatabase database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = CommandFor(connection, sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Executes it in a transaction that stays open until it is committed: calls that want the same rows wait (on SQLite all that write).</summary>
    public static async Task<OpenTransaction> BeginAsync(this TestDatabase database, string sql)
    {
        var connection = await OpenAsync(database);
        var open = new OpenTransaction(connection, await connection.BeginTransactionAsync());
        await using var command = CommandFor(connection, sql);
        command.Transaction = open.Transaction;
        await command.ExecuteNonQueryAsync();
        return open;
    }

    /// <summary>Closed by the caller.</summary>
    public static async Task<DbConnection> OpenAsync(this TestDatabase database)
    {
        DbConnection connection = database.IsPostgres
            ? new NpgsqlConnection(database.ConnectionString)
            : new SqliteConnection(database.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <returns>The one number that the query has.</returns>
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
