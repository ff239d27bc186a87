using Npgsql;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// One PostgreSQL for the whole run, started when the first test asks for it: a container where Docker answers, otherwise a
/// process with a folder of its own. (Tests that crash a server, or need a standby, have processes of their own.) A connection
/// string in <c>AUTHSERVICE_TEST_POSTGRES</c> (of a role that may create databases) names a server to use instead.
/// </summary>
public static class PostgresServer
{
    private const string Given = "AUTHSERVICE_TEST_POSTGRES";

    /// <summary>For a statement on a busy machine, in seconds.</summary>
    public const int Patience = 120;

    private static readonly Lazy<Task<string>> Server = new(StartAsync);

    /// <summary>The connection string of the server itself.</summary>
    public static Task<string> ConnectionStringAsync() => Server.Value;

    /// <summary>The connection string of a fresh, empty database.</summary>
    public static async Task<string> CreateDatabaseAsync(string options = "")
    {
        var name = $"authservice_{Guid.CreateVersion7():N}";
        await ExecuteAsync($"CREATE DATABASE {name} {options}");
        return new NpgsqlConnectionStringBuilder(await ConnectionStringAsync()) { Database = name }.ConnectionString;
    }

    public static Task DropDatabaseAsync(string connectionString) =>
        ExecuteAsync($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>When the run ends; a server of its own is gone by then.</summary>
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
