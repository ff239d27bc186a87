using Npgsql;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// One PostgreSQL for the whole run. It starts when the first test needs it: as a container if Docker answers, otherwise as a process. A connection
/// string in <c>AUTHSERVICE_TEST_POSTGRES</c> (of a role that may create databases) names a server to use instead. Tests that crash a server or need
/// a standby start separate processes.
/// </summary>
public static class PostgresServer
{
    private const string Given = "AUTHSERVICE_TEST_POSTGRES";

    /// <summary>The longest time for a statement on a busy machine, in seconds.</summary>
    public const int Patience = 120;

    private static readonly Lazy<Task<string>> Server = new(StartAsync);

    /// <summary>Gets the connection string of the server itself.</summary>
    public static Task<string> ConnectionStringAsync() => Server.Value;

    /// <summary>Creates an empty database and gets its connection string.</summary>
    public static async Task<string> CreateDatabaseAsync(string options = "")
    {
        var name = $"authservice_{Guid.CreateVersion7():N}";
        await ExecuteAsync($"CREATE DATABASE {name} {options}");
        return new NpgsqlConnectionStringBuilder(await ConnectionStringAsync()) { Database = name }.ConnectionString;
    }

    public static Task DropDatabaseAsync(string connectionString) =>
        ExecuteAsync($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>Drops the database at the end of the run, if the server was given. A server that the run started is removed anyway.</summary>
    public static void DropAtTheEnd(string connectionString) => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        if (Environment.GetEnvironmentVariable(Given) is { Length: > 0 })
            DropDatabaseAsync(connectionString).GetAwaiter().GetResult();
    };

    private static async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(await ConnectionStringAsync());
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = Patience;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(Given) is { Length: > 0 } given)
            return given;
        if (await PostgresContainer.TryStartAsync() is { } container)
            return container;

        var server = await PostgresInstance.PrepareAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        await server.StartAsync();
        return server.ConnectionString;
    }
}
