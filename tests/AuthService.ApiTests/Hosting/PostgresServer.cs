using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// One PostgreSQL for the whole run, in a folder of its own, started when the first test asks for it. A connection
/// string in <c>AUTHSERVICE_TEST_POSTGRES</c> (of a role that may create databases) names a server to use instead.
/// </summary>
public static class PostgresServer
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<string>> Server = new(StartAsync);

    /// <summary>
    /// The server ends with its standard input, which the operating system closes however the test run ends: a
    /// process killed halfway leaves no server and no folder behind.
    /// </summary>
    private const string ServeUntilInputEnds =
        """
        exec > "$1/log" 2>&1
        trap '' INT TERM HUP
        "$2/postgres" -D "$1/data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
          -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 &
        server=$!
        (while read -r _; do :; done)
        kill -INT "$server"
        wait "$server"
        rm -rf "$1"
        """;

    /// <summary>The connection string of the server itself.</summary>
    public static Task<string> ConnectionStringAsync() => Server.Value;

    /// <summary>The connection string of a fresh, empty database.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        var name = $"authservice_{Guid.CreateVersion7():N}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        return new NpgsqlConnectionStringBuilder(await ConnectionStringAsync()) { Database = name }.ConnectionString;
    }

    public static Task DropDatabaseAsync(string connectionString) =>
        ExecuteAsync($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    private static async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(await ConnectionStringAsync());
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("AUTHSERVICE_TEST_POSTGRES") is { Length: > 0 } given)
            return given;

        var binaries = FindBinaries();
        var folder = Directory.CreateTempSubdirectory("authservice-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", "postgres", folder);
        await RunAsync([
            .. AsPostgres(), Path.Combine(binaries, "initdb"), "--pgdata", Path.Combine(folder, "data"),
            "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync",
        ]);
        return await ServeAsync(binaries, folder);
    }

    private static async Task<string> ServeAsync(string binaries, string folder)
    {
        var port = FreePort();
        var server = Start([.. AsPostgres(), "bash", "-c", ServeUntilInputEnds, "serve", folder, binaries, port.ToString(CultureInfo.InvariantCulture)]);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop(server);

        var connectionString = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Include Error Detail=true";
        var waited = Stopwatch.StartNew();
        while (!await AnswersAsync(connectionString))
        {
            if (server.HasExited || waited.Elapsed > StartTimeout)
                throw new InvalidOperationException($"PostgreSQL did not start: {await File.ReadAllTextAsync(Path.Combine(folder, "log"))}");
            await Task.Delay(50);
        }

        return connectionString;
    }

    private static void Stop(Process server)
    {
        server.StandardInput.Close();
        server.WaitForExit(TimeSpan.FromSeconds(10));
    }

    private static async Task<bool> AnswersAsync(string connectionString)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await using var connection = await source.OpenConnectionAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] AsPostgres() => Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];

    private static string FindBinaries()
    {
        const string debian = "/usr/lib/postgresql";
        var inPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var packaged = Directory.Exists(debian) ? Directory.GetDirectories(debian).OrderByDescending(VersionOf).Select(folder => Path.Combine(folder, "bin")) : [];
        return inPath.Concat(packaged).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new InvalidOperationException("No PostgreSQL server is installed: run tests/run.sh, or apt-get install postgresql-15.");
    }

    private static int VersionOf(string folder) => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RunAsync(params string[] command)
    {
        using var process = Start(command);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)}: {await output}{await errors}");
    }

    private static Process Start(string[] command) =>
        Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
