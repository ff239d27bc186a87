using System.Diagnostics;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>A table that is locked against writes until this object is disposed.</summary>
internal sealed class BlockedTable(NpgsqlConnection connection, NpgsqlTransaction transaction, string table) : IAsyncDisposable
{
    public static async Task<BlockedTable> LockAsync(TestDatabase database, string table)
    {
        var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        var blocked = new BlockedTable(connection, transaction, table);
        await blocked.ExecuteAsync($"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE");
        return blocked;
    }

    public async Task UntilSomebodyWaitsAsync(TimeSpan atMost)
    {
        var waited = Stopwatch.StartNew();
        while (await ExecuteAsync($"SELECT count(*) FROM pg_locks WHERE relation = '{table}'::regclass AND NOT granted") is not > 0L)
        {
            Assert.True(waited.Elapsed < atMost, $"Nobody waits for {table}");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until the given number of calls wait for a row that another transaction has locked.</summary>
    public static async Task UntilARowIsWaitedForAsync(TestDatabase database, TimeSpan atMost, int by = 1)
    {
        var waited = Stopwatch.StartNew();
        while (await database.CountAsync("pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") < by)
        {
            Assert.True(waited.Elapsed < atMost, $"{by} do not wait for a row");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        return await command.ExecuteScalarAsync();
    }
}
