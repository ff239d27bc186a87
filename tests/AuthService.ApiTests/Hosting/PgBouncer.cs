using System.Globalization;
using Npgsql;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// One PgBouncer in transaction mode in front of <see cref="PostgresServer"/> for the whole run. It starts when the first test needs it. All settings
/// except the mode are the defaults, so a database has at most 20 connections for all of its instances.
/// </summary>
public static class PgBouncer
{
    private static readonly Lazy<Task<string>> Port = new(StartAsync);

    /// <summary>Gets the connection string of a database through PgBouncer, which before version 1.21 cannot keep prepared statements.</summary>
    public static async Task<string> AddressAsync(string database) => On(await Port.Value, database);

    private static async Task<string> StartAsync()
    {
        var program = Path.Combine("/usr/sbin", "pgbouncer");
        if (!File.Exists(program))
            throw new InvalidOperationException("PgBouncer is not installed: run tests/run.sh, or apt-get install pgbouncer.");

        var postgres = await PostgresServer.ConnectionStringAsync();
        var server = await LocalServer.PrepareAsync("pgbouncer");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        var settings = Path.Combine(server.Folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(settings, Settings(new NpgsqlConnectionStringBuilder(postgres), server.Port));
        await server.StartAsync("TERM", On(server.Port, postgres), program, settings);
        return server.Port;
    }

    private static string On(string port, string database) => new NpgsqlConnectionStringBuilder(database)
    {
        Host = "127.0.0.1",
        Port = int.Parse(port, CultureInfo.InvariantCulture),
        MaxAutoPrepare = 0,
    }.ConnectionString;

    private static string Settings(NpgsqlConnectionStringBuilder postgres, string port) =>
        $"""
        [databases]
        * = host={postgres.Host} port={postgres.Port} user={postgres.Username}{(postgres.Password is { } password ? $" password='{password}'" : "")}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        max_client_conn = 1000
        """;
}
