using System.Diagnostics;
using System.Net;
using AuthService.Benchmarks.Run;

namespace AuthService.Benchmarks.Machine;

/// <summary>Debian's haproxy on a port of 127.0.0.1. It distributes requests to instances in turn.</summary>
internal sealed class HaProxy : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly string _file = Path.GetTempFileName();
    private OwnedProcess? _process;

    public IPEndPoint Address { get; } = new(IPAddress.Loopback, FreePort.Take());

    public int ProcessId => _process!.Id;

    /// <exception cref="BenchmarkException">haproxy is not installed.</exception>
    public static string Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, "haproxy")).FirstOrDefault(File.Exists)
        ?? throw new BenchmarkException("haproxy is not installed. Install it (Debian: apt-get install haproxy), or leave the part 'instances' out by --only.");

    public static async Task<HaProxy> StartAsync(IReadOnlyList<IPEndPoint> instances, CancellationToken cancellationToken)
    {
        var proxy = new HaProxy();
        try
        {
            await File.WriteAllTextAsync(proxy._file, proxy.Configuration(instances), cancellationToken);
            proxy._process = OwnedProcess.Start("haproxy", new ProcessStartInfo(Find(), ["-db", "-f", proxy._file]));
            await proxy._process.WaitUntilAsync(token => FreePort.IsTakenAsync(proxy.Address, token), StartTimeout, cancellationToken);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        File.Delete(_file);
    }

    private string Configuration(IReadOnlyList<IPEndPoint> instances) => $"""
        defaults
          mode http
          timeout connect 5s
          timeout client 60s
          timeout server 60s
        frontend public
          bind {Address}
          default_backend instances
        backend instances
          balance roundrobin
        {string.Join('\n', instances.Select((address, number) => $"  server instance{number} {address}"))}

        """;
}
