using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AuthService.ApiTests.Hosting;

/// <summary>One PostgreSQL in a folder and on a port of its own. Its address is known before it runs.</summary>
public sealed class PostgresInstance : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly string _binaries;
    private readonly string _folder;
    private readonly int _port = FreePort();
    private Process? _server;

    private PostgresInstance(string binaries, string folder) => (_binaries, _folder) = (binaries, folder);

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

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Include Error Detail=true";

    /// <summary>Makes the folder of a server that does not run yet.</summary>
    public static async Task<PostgresInstance> PrepareAsync()
    {
        var binaries = FindBinaries();
        var folder = Directory.CreateTempSubdirectory("authservice-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", "postgres", folder);
        await RunAsync([
            .. AsPostgres(), Path.Combine(binaries, "initdb"), "--pgdata", Path.Combine(folder, "data"),
            "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync",
        ]);
        return new PostgresInstance(binaries, folder);
    }

    /// <summary>Runs it; ends when it answers.</summary>
    public async Task StartAsync()
    {
        _server = Start([.. AsPostgres(), "bash", "-c", ServeUntilInputEnds, "serve", _folder, _binaries, _port.ToString(CultureInfo.InvariantCulture)]);
        var waited = Stopwatch.StartNew();
        while (!await AnswersAsync(ConnectionString))
        {
            if (_server.HasExited || waited.Elapsed > StartTimeout)
                throw new InvalidOperationException($"PostgreSQL did not start: {await File.ReadAllTextAsync(Path.Combine(_folder, "log"))}");
            await Task.Delay(50);
        }
    }

    /// <summary>Stops it, if it runs, and removes its folder.</summary>
    public void Stop()
    {
        _server?.StandardInput.Close();
        _server?.WaitForExit(TimeSpan.FromSeconds(10));
        _server?.Dispose();
        _server = null;
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
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
