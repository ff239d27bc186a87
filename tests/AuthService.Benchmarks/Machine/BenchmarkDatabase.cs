using AuthService.Benchmarks.Run;
using Npgsql;

namespace AuthService.Benchmarks.Machine;

/// <summary>
/// The PostgreSQL database for the measurements: on a server of the benchmark, or the one that <see cref="Variable"/> names. A marker table shows that it
/// belongs to the benchmark. A database with tables but without the marker is refused, because it has other data.
/// </summary>
internal sealed class BenchmarkDatabase : IAsyncDisposable
{
    /// <summary>The environment variable with the connection string of an empty database to use.</summary>
    public const string Variable = "AUTHSERVICE_BENCH_POSTGRES";

    private const string Marker = "authservice_benchmark_marker";

    private readonly PostgresCluster? _ownServer;

    private BenchmarkDatabase(string connectionString, PostgresCluster? ownServer, NpgsqlConnection connection)
    {
        ConnectionString = connectionString;
        _ownServer = ownServer;
        Version = $"PostgreSQL {connection.PostgreSqlVersion}";
        ServerPid = FindServer(connection);
    }

    public string ConnectionString { get; }

    /// <summary>The process id of the server; null when it runs on another machine, where its CPU time is not visible.</summary>
    public int? ServerPid { get; }

    public string Version { get; }

    /// <param name="settings">Settings for a server of the benchmark, in addition to the usual ones.</param>
    /// <param name="cancellationToken">Cancels the wait for the server.</param>
    public static async Task<BenchmarkDatabase> TakeAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        var server = string.IsNullOrEmpty(named) ? await PostgresCluster.StartAsync(settings, cancellationToken) : null;
        try
        {
            var connectionString = server?.ConnectionString ?? named!;
            await using var connection = await OpenAsync(connectionString, cancellationToken);
            await ClaimAsync(connection, cancellationToken);
            return new BenchmarkDatabase(connectionString, server, connection);
        }
        catch
        {
            if (server is not null)
                await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Updates the planner's statistics and writes dirty pages to disk.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(ConnectionString, cancellationToken);
        foreach (var statement in _ownServer is null ? ["VACUUM ANALYZE"] : (string[])["VACUUM ANALYZE", "CHECKPOINT"])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Empties a named database again, or stops the benchmark's own server and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_ownServer is not null)
        {
            await _ownServer.DisposeAsync();
            return;
        }

        await using var connection = await OpenAsync(ConnectionString, CancellationToken.None);
        await EmptyAsync(connection, CancellationToken.None);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (Exception refused) when (refused is NpgsqlException or ArgumentException)
        {
            throw new BenchmarkException($"The database that {Variable} names cannot be used: {refused.Message}", refused);
        }
    }

    private static async Task ClaimAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string tables = """
            SELECT coalesce(array_agg(c.relname::text), '{}') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
            """;
        await using var query = new NpgsqlCommand(tables, connection);
        var found = (string[])(await query.ExecuteScalarAsync(cancellationToken))!;
        if (found.Length > 0 && !found.Contains(Marker, StringComparer.Ordinal))
        {
            throw new BenchmarkException(
                $"The database '{connection.Database}' is not the benchmark's: it has {found.Length} tables but not {Marker}. "
                + $"Name an empty database in {Variable}.");
        }

        if (found.Length > 0)
            await EmptyAsync(connection, cancellationToken);
        await using var mark = new NpgsqlCommand($"CREATE TABLE {Marker} (note text)", connection);
        await mark.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task EmptyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var empty = new NpgsqlCommand("DROP SCHEMA public CASCADE; CREATE SCHEMA public", connection);
        await empty.ExecuteNonQueryAsync(cancellationToken);
    }

    private static int? FindServer(NpgsqlConnection connection) =>
        File.Exists($"/proc/{connection.ProcessID}/comm")
        && File.ReadAllText($"/proc/{connection.ProcessID}/comm").StartsWith("postgres", StringComparison.Ordinal)
            ? ProcessCpu.ParentOf(connection.ProcessID)
            : null;
}
