using Npgsql;

namespace AuthService.Benchmarks.Scale;

/// <summary>Runs statements over millions of rows without a timeout.</summary>
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

    /// <summary>Vacuums and analyzes the tables and writes dirty pages to disk, so that this work does not disturb a measurement.</summary>
    public static async Task SettleAsync(this NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("VACUUM (ANALYZE)", cancellationToken);
        await connection.ExecuteAsync("CHECKPOINT", cancellationToken);
    }
}
