using Npgsql;

namespace AuthService.Benchmarks.Machine;

/// <summary>A streaming standby of the benchmark's own server, in a temporary folder. It can be stopped and started again.</summary>
internal sealed class PostgresStandby : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly PostgresPrograms _programs = PostgresPrograms.Find();
    private readonly NpgsqlConnectionStringBuilder _primary;
    private readonly string _folder;
    private readonly int _port = FreePort.Take();
    private OwnedProcess? _server;

    private PostgresStandby(NpgsqlConnectionStringBuilder primary, string folder) => (_primary, _folder) = (primary, folder);

    private string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Copies the primary without starting the standby.</summary>
    public static async Task<PostgresStandby> PrepareAsync(string primary, CancellationToken cancellationToken)
    {
        var folder = await PostgresPrograms.Find().RunAsync("mktemp", ["-d", "/var/tmp/authservice-benchmark-XXXXXX"], "", cancellationToken);
        var standby = new PostgresStandby(new NpgsqlConnectionStringBuilder(primary), folder);
        try
        {
            await standby.CopyAsync(cancellationToken);
            return standby;
        }
        catch
        {
            await standby.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the standby and waits until it follows the primary. Returns at once when it runs already.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
            return;
        string[] settings =
        [
            $"port={_port}", "listen_addresses=127.0.0.1", $"unix_socket_directories={_folder}", "fsync=on",
            "max_connections=200", // a hot standby refuses a lower number than that of its primary
        ];
        _server = OwnedProcess.Start(
            "The standby", _programs.Command("postgres", ["-D", DataFolder, .. settings.SelectMany(setting => new[] { "-c", setting })]));
        await _server.WaitUntilAsync(IsStreamingAsync, StartTimeout, cancellationToken);
    }

    public async Task StopAsync()
    {
        if (_server is null)
            return;
        if (File.Exists(Path.Combine(DataFolder, "postmaster.pid")))
            await _programs.RunAsync("pg_ctl", ["stop", "--pgdata", DataFolder, "--mode=fast", "--wait"], "", CancellationToken.None);
        await _server.DisposeAsync();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _programs.RunAsync("rm", ["-rf", "--", _folder], "", CancellationToken.None);
    }

    private async Task CopyAsync(CancellationToken cancellationToken)
    {
        var passwords = Path.Combine(_folder, "passwords");
        await _programs.RunAsync("tee", [passwords], $"127.0.0.1:{_primary.Port}:*:{_primary.Username}:{_primary.Password}", cancellationToken);
        await _programs.RunAsync("chmod", ["600", passwords], "", cancellationToken);
        await _programs.RunAsync(
            "pg_basebackup",
            [
                "--dbname", $"host=127.0.0.1 port={_primary.Port} user={_primary.Username} passfile={passwords}", "--pgdata", DataFolder,
                "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast",
            ],
            "",
            cancellationToken);
    }

    private async Task<bool> IsStreamingAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_primary.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var query = new NpgsqlCommand("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", connection);
        return (long)(await query.ExecuteScalarAsync(cancellationToken))! == 1;
    }
}
