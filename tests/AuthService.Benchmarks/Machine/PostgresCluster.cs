using System.Security.Cryptography;
using AuthService.Benchmarks.Run;
using Npgsql;

namespace AuthService.Benchmarks.Machine;

/// <summary>A PostgreSQL server of the benchmark in a temporary folder, as durable as in production: acknowledged changes are on disk.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string Folder = "/var/tmp"; // on a disk; /tmp may be memory, where fsync costs nothing
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private static readonly string[] Settings =
    [
        "listen_addresses=127.0.0.1", "fsync=on", "synchronous_commit=on", "full_page_writes=on",
        "shared_buffers=256MB", "max_wal_size=2GB", "max_connections=200",
    ];

    private readonly PostgresPrograms _programs;
    private readonly string _folder;
    private readonly string _password = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly int _port = FreePort.Take();
    private OwnedProcess? _server;

    private PostgresCluster(PostgresPrograms programs, string folder)
    {
        _programs = programs;
        _folder = folder;
    }

    /// <summary>The connection string of the benchmark's database on this server.</summary>
    public string ConnectionString => Connection("authservice_benchmark");

    /// <param name="settings">Settings in addition to the usual ones, for example <c>shared_buffers=1GB</c>.</param>
    /// <param name="cancellationToken">Cancels the wait for the start.</param>
    public static async Task<PostgresCluster> StartAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var programs = PostgresPrograms.Find();
        var folder = await programs.RunAsync("mktemp", ["-d", $"{Folder}/authservice-benchmark-XXXXXX"], "", cancellationToken);
        var cluster = new PostgresCluster(programs, folder);
        try
        {
            await cluster.CreateAsync(cancellationToken);
            await cluster.StartServerAsync(settings, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await StopServerAsync(_server);
        await _programs.RunAsync("rm", ["-rf", "--", _folder], "", CancellationToken.None);
    }

    private string DataFolder => Path.Combine(_folder, "data");

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        var passwordFile = Path.Combine(_folder, "password");
        await _programs.RunAsync("tee", [passwordFile], _password, cancellationToken);
        await _programs.RunAsync(
            "initdb",
            [
                "--pgdata", DataFolder, "--username=postgres", "--auth=scram-sha-256", $"--pwfile={passwordFile}",
                "--encoding=UTF8", "--no-locale",
            ],
            "",
            cancellationToken);
        await _programs.RunAsync("rm", [passwordFile], "", cancellationToken);
    }

    private async Task StartServerAsync(IReadOnlyList<string> special, CancellationToken cancellationToken)
    {
        string[] settings = [.. Settings, .. special, $"port={_port}", $"unix_socket_directories={_folder}"];
        string[] arguments = ["-D", DataFolder, .. settings.SelectMany(setting => new[] { "-c", setting })];
        _server = OwnedProcess.Start("PostgreSQL", _programs.Command("postgres", arguments));
        await _server.WaitUntilAsync(IsReadyAsync, StartTimeout, cancellationToken);

        await using var connection = new NpgsqlConnection(Connection("postgres"));
        await connection.OpenAsync(cancellationToken);
        await using var create = new NpgsqlCommand("CREATE DATABASE authservice_benchmark", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Connection("postgres"));
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    // The own process is runuser, so pg_ctl finds the server's id in its folder. An immediate stop discards what is not on disk, because writing it would take
    // minutes for millions of sessions.
    private async Task StopServerAsync(OwnedProcess server)
    {
        var pidFile = Path.Combine(DataFolder, "postmaster.pid");
        try
        {
            if (File.Exists(pidFile))
                await _programs.RunAsync("pg_ctl", ["stop", "--pgdata", DataFolder, "--mode=immediate", "--wait", "--timeout=15"], "", CancellationToken.None);
        }
        catch (BenchmarkException)
        {
            // Ctrl+C reaches the server and runuser too, so that the server may already be stopping. What remains is ended below.
        }

        await server.DisposeAsync();
    }

    private string Connection(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = "postgres",
        Password = _password,
        Database = database,
        Pooling = !string.Equals(database, "postgres", StringComparison.Ordinal),
        IncludeErrorDetail = true,
    }.ConnectionString;
}
