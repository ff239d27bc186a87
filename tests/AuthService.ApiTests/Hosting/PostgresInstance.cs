using System.Globalization;
using Npgsql;

namespace AuthService.ApiTests.Hosting;

/// <summary>One PostgreSQL with its own folder and port. Its address is known before it runs.</summary>
public sealed class PostgresInstance : IDisposable
{
    /// <summary>A password that the server does not check. Tests search for it where it must not appear.</summary>
    private const string Password = "Database+Canary/Pass=word";

    private readonly string _binaries;
    private readonly LocalServer _server;

    private PostgresInstance(string binaries, LocalServer server) => (_binaries, _server) = (binaries, server);

    public string ConnectionString => $"Host=127.0.0.1;Port={_server.Port};Username=postgres;Password='{Password}';Database=postgres;Include Error Detail=true";

    /// <summary>The address of the database for PostgreSQL's own programs.</summary>
    public string Address => $"postgresql://postgres@127.0.0.1:{_server.Port}/postgres";

    public int Port => int.Parse(_server.Port, CultureInfo.InvariantCulture);

    public string DataFolder => Path.Combine(_server.Folder, "data");

    /// <summary>Creates the folder of a server that does not run yet.</summary>
    public static async Task<PostgresInstance> PrepareAsync()
    {
        var instance = await PrepareEmptyAsync();
        await LocalServer.RunAsServerAsync(
            Path.Combine(instance._binaries, "initdb"), "--pgdata", instance.DataFolder,
            "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync");
        return instance;
    }

    /// <summary>Chooses folder and port of a server. The caller fills <see cref="DataFolder"/>, which does not exist yet.</summary>
    public static async Task<PostgresInstance> PrepareEmptyAsync() => new(FindBinaries(), await LocalServer.PrepareAsync("postgres"));

    /// <summary>Creates the folder of a standby that follows this server as soon as it runs.</summary>
    public async Task<PostgresInstance> PrepareStandbyAsync()
    {
        var standby = new PostgresInstance(_binaries, await LocalServer.PrepareAsync("standby"));
        await LocalServer.RunAsServerAsync(
            Path.Combine(_binaries, "pg_basebackup"), "--host=127.0.0.1", $"--port={_server.Port}", "--username=postgres",
            $"--pgdata={standby.DataFolder}", "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync");
        return standby;
    }

    /// <summary>Starts the server and waits until it answers. When it is interrupted, it stops without waiting for its clients.</summary>
    /// <param name="settings">Settings that override the usual ones, which make it fast: <c>synchronous_commit=on</c>.</param>
    public Task StartAsync(params string[] settings) => _server.StartAsync(
        "INT", ConnectionString,
        [
            Path.Combine(_binaries, "postgres"), "-D", DataFolder, "-p", _server.Port,
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=300",
            "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
            .. settings.SelectMany(setting => (string[])["-c", setting]),
        ]);

    /// <summary>Stops the server in an orderly way. It archives the rest of its log first, if it archives its log.</summary>
    public Task StopAsync() => _server.SignalAsync("INT");

    /// <summary>Stops the server at once, as a crash does. What was committed is still there when it runs again.</summary>
    public Task CrashAsync() => _server.SignalAsync("QUIT");

    /// <summary>Starts the server again and waits until it answers.</summary>
    public Task StartAgainAsync() => _server.StartAgainAsync();

    /// <summary>Pauses or continues the server: STOP, CONT.</summary>
    public Task SignalAsync(string signal) => _server.SignalAsync(signal);

    /// <summary>Starts a crashed server again, as a standby that follows no primary.</summary>
    public async Task StartAsStandbyAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(DataFolder, "standby.signal"), "");
        await StartAgainAsync();
    }

    /// <summary>Makes commits wait until a standby has them as well. Returns when a standby follows.</summary>
    public async Task ReplicateSynchronouslyAsync()
    {
        await ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await ExecuteAsync("SELECT pg_reload_conf()");
        while (await ExecuteAsync("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") is not 1L)
            await Task.Delay(50);
    }

    /// <returns>The first column of the first row.</returns>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public void Dispose() => _server.Dispose();

    internal static string FindBinaries() => FindBinariesWith("initdb", "postgres", "pg_basebackup")
        ?? throw new InvalidOperationException("No PostgreSQL server is installed: run tests/run.sh, or apt-get install postgresql-15.");

    /// <summary>Finds a folder that has all these programs of PostgreSQL.</summary>
    internal static string? FindBinariesWith(params string[] programs)
    {
        const string debian = "/usr/lib/postgresql";
        var inPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var packaged = Directory.Exists(debian)
            ? Directory.GetDirectories(debian).OrderByDescending(VersionOf).Select(folder => Path.Combine(folder, "bin"))
            : [];
        return inPath.Concat(packaged).FirstOrDefault(folder => programs.All(program => File.Exists(Path.Combine(folder, program))));
    }

    private static int VersionOf(string folder) => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0;
}
