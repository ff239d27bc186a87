using System.Diagnostics;
using System.Net;
using AuthService.Benchmarks.Machine;

namespace AuthService.Benchmarks.Limits;

/// <summary>Runs the limit server as a process with the runtime settings of the service.</summary>
internal sealed class LimitProcess : IAsyncDisposable
{
    /// <summary>The subcommand with which this program becomes a limit server.</summary>
    public const string Subcommand = "limit";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly OwnedProcess _process;

    private LimitProcess(OwnedProcess process, IPEndPoint address)
    {
        _process = process;
        Address = address;
    }

    public int Id => _process.Id;

    public IPEndPoint Address { get; }

    public static async Task<LimitProcess> StartAsync(LimitOptions options, CancellationToken cancellationToken)
    {
        var runtimeSettings = Path.ChangeExtension(SourceTree.ServiceAssembly(), ".runtimeconfig.json");
        var program = typeof(LimitProcess).Assembly.Location;
        var how = new ProcessStartInfo("dotnet", ["exec", "--runtimeconfig", runtimeSettings, program, Subcommand]);
        options.ToEnvironment(how.Environment);
        var process = OwnedProcess.Start("The limit server", how);
        var limit = new LimitProcess(process, new IPEndPoint(IPAddress.Loopback, options.Port));
        try
        {
            await process.WaitUntilAsync(token => FreePort.IsTakenAsync(limit.Address, token), StartTimeout, cancellationToken);
            return limit;
        }
        catch
        {
            await limit.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
