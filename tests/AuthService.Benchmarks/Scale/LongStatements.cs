using Npgsql;

namespace AuthService.Benchmarks.Scale;

/// <summary>Statements over millions of rows, which take as long as they take.</summary>
internal static class LongStatements
{
    public static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public static async Task ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<T> ReadAsync<T>(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Leaves nothing to do that would fall into a measurement: rows are counted and visible, dirty pages written.</summary>
    public static async Task SettleAsync(this NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("VACUUM (ANALYZE)", cancellationToken);
        await connection.ExecuteAsync("CHECKPOINT", cancellationToken);
    }
}
