using System.Globalization;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults.HighAvailability;

/// <summary>One etcd, in which Patroni keeps which node is the primary. Deployments have three; here it only matters whether etcd is available.</summary>
internal sealed class Etcd : IDisposable
{
    private readonly LocalServer _server;

    private Etcd(LocalServer server) => _server = server;

    public static string Program => "/usr/bin/etcd";

    public int Port => int.Parse(_server.Port, CultureInfo.InvariantCulture);

    public static async Task<Etcd> StartAsync()
    {
        var server = await LocalServer.PrepareAsync("etcd");
        var (clients, peers) = ($"http://127.0.0.1:{server.Port}", $"http://127.0.0.1:{LocalServer.FreePort()}");
        await server.StartAsync(
            "KILL", () => LocalServer.AnswersHttpAsync($"{clients}/health"),
            Program, "--data-dir", Path.Combine(server.Folder, "data"), "--unsafe-no-fsync",
            "--listen-client-urls", clients, "--advertise-client-urls", clients,
            "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", $"default={peers}");
        return new Etcd(server);
    }

    public Task SignalAsync(string signal) => _server.SignalAsync(signal);

    public Task StartAgainAsync() => _server.StartAgainAsync();

    public void Dispose() => _server.Dispose();
}
