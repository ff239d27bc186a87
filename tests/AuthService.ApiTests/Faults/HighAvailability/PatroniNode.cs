using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Npgsql;

namespace AuthService.ApiTests.Faults.HighAvailability;

/// <summary>A Patroni and the PostgreSQL that it runs.</summary>
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

    /// <summary>As it stands in a connection string.</summary>
    public string Host => $"127.0.0.1:{_server.Port}";

    public string SettingsFile => Path.Combine(_server.Folder, "patroni.yml");

    public static async Task<PatroniNode> StartAsync(string name, int etcd)
    {
        var node = new PatroniNode(name, await LocalServer.PrepareAsync("patroni"), new TcpRelay(etcd));
        await File.WriteAllTextAsync(node.SettingsFile, node.Settings());
        await node._server.StartAsync("TERM", node.AnswersAsync, Program, node.SettingsFile);
        return node;
    }

    /// <summary>Of both: STOP, CONT or KILL.</summary>
    public Task SignalAsync(string signal) => _server.SignalAsync(signal);

    public Task StartAgainAsync() => _server.StartAgainAsync();

    /// <summary>Patroni no longer reaches etcd.</summary>
    public void CutOff() => _etcd.Cut();

    public void Reconnect() => _etcd.Mend();

    /// <summary>Patroni's view of all nodes.</summary>
    /// <returns>Null while it gives none.</returns>
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

    /// <summary>True when a commit is acknowledged here: it is the primary, and a standby has the commit as well.</summary>
    /// <remarks>A server that does not answer is left waiting: to cancel the statement would acknowledge it.</remarks>
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
    /// The shortest times that Patroni allows: <c>ttl</c> is what passes before another takes the place of a primary that is silent. As in the other
    /// tests nothing is written through to the disk, which a process that is killed does not need.
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
