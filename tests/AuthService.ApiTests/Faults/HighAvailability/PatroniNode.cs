using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Npgsql;

namespace AuthService.ApiTests.Faults.HighAvailability;

/// <summary>One Patroni and the PostgreSQL that it runs.</summary>
internal sealed class PatroniNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly LocalServer _server;
    private readonly TcpRelay _etcd;
    private readonly int _api = LocalServer.FreePort();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };

    private PatroniNode(string name, LocalServer server, TcpRelay etcd) => (Name, _server, _etcd) = (name, server, etcd);

    public static string Program => "/usr/bin/patroni";

    public string Name { get; }

    /// <summary>The host as a connection string names it.</summary>
    public string Host => $"127.0.0.1:{_server.Port}";

    public string SettingsFile => Path.Combine(_server.Folder, "patroni.yml");

    public static async Task<PatroniNode> StartAsync(string name, int etcd)
    {
        var node = new PatroniNode(name, await LocalServer.PrepareAsync("patroni"), new TcpRelay(etcd));
        await File.WriteAllTextAsync(node.SettingsFile, node.Settings());
        await node._server.StartAsync("TERM", node.AnswersAsync, Program, node.SettingsFile);
        return node;
    }

    /// <summary>Sends a signal to Patroni and PostgreSQL: STOP, CONT or KILL. WAKE continues PostgreSQL alone.</summary>
    public Task SignalAsync(string signal) => _server.SignalAsync(signal);

    public Task StartAgainAsync() => _server.StartAgainAsync();

    /// <summary>Cuts the connection from Patroni to etcd.</summary>
    public void CutOff() => _etcd.Cut();

    public void Reconnect() => _etcd.Mend();

    /// <summary>Gets Patroni's view of all nodes.</summary>
    /// <returns>Null when Patroni does not answer.</returns>
    public async Task<JsonElement?> FindClusterAsync()
    {
        try
        {
            return JsonElement.Parse(await _http.GetStringAsync($"http://127.0.0.1:{_api}/cluster"));
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Returns whether a commit is acknowledged here: the node is the primary, and a standby has the commit as well.</summary>
    /// <remarks>A statement without a response is not cancelled, because cancelling it would acknowledge the commit.</remarks>
    public async Task<bool> TakesCommitsAsync()
    {
        try
        {
            await ExecuteAsync("CREATE TABLE IF NOT EXISTS commits (); INSERT INTO commits DEFAULT VALUES").WaitAsync(Patience);
            return true;
        }
        catch (Exception refused) when (refused is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    public async Task ExecuteAsync(string sql)
    {
        var address = $"Host=127.0.0.1;Port={_server.Port};Username=postgres;Database=postgres;Pooling=false;Timeout=2;Command Timeout=0";
        await using var source = NpgsqlDataSource.Create(address);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public Task<string> ReadLogAsync() => File.ReadAllTextAsync(Path.Combine(_server.Folder, "log"));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _server.Dispose();
        await _etcd.DisposeAsync();
    }

    private async Task<bool> AnswersAsync() => await FindClusterAsync() is not null;

    /// <summary>
    /// Creates the settings, with the shortest times that Patroni allows. <c>ttl</c> is the time before another node replaces a silent primary. As in
    /// the other tests, nothing is flushed to the disk, because a killed process does not lose such data.
    /// </summary>
    private string Settings() =>
        $$"""
        scope: authservice
        name: {{Name}}
        restapi: { listen: "127.0.0.1:{{_api}}", connect_address: "127.0.0.1:{{_api}}" }
        etcd3: { hosts: "127.0.0.1:{{_etcd.Port}}", use_proxies: true }
        bootstrap:
          dcs:
            ttl: {{PatroniCluster.Ttl.TotalSeconds}}
            loop_wait: 2
            retry_timeout: 3
            synchronous_mode: true
            postgresql:
              use_pg_rewind: true
              use_slots: true
              parameters: { max_connections: 300, wal_log_hints: "on", fsync: "off" }
          initdb: [ { encoding: UTF8 }, { locale: C }, { auth: trust }, no-sync ]
        watchdog: { mode: "off" }
        postgresql:
          listen: 127.0.0.1:{{_server.Port}}
          connect_address: 127.0.0.1:{{_server.Port}}
          data_dir: {{_server.Folder}}/data
          bin_dir: {{PostgresInstance.FindBinaries()}}
          basebackup: [ { checkpoint: fast } ]
          pg_hba: [ host all all 127.0.0.1/32 trust, host replication all 127.0.0.1/32 trust ]
          authentication: { superuser: { username: postgres }, replication: { username: postgres } }
          parameters: { unix_socket_directories: "" }
        """;
}
