using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

/// <summary>
/// On SIGTERM: says "not ready" first, goes on serving for <c>Shutdown:DrainDelay</c> so that load balancers notice, and
/// only then lets the server stop accepting and finish what is running. An instance that was never ready has nobody to wait for.
/// The host counts the delay as time of the stop, so that it is added to what the host has for running calls.
/// </summary>
internal sealed class Draining(
    Readiness readiness, IOptionsMonitor<ShutdownOptions> options, IOptions<HostOptions> host, ILogger<Draining> logger)
    : IHostedLifecycleService, IDisposable
{
    private IDisposable? _subscription;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.MarkDraining();
        HostingLog.Draining(logger);
        if (readiness.IsPrepared)
            await Task.Delay(options.CurrentValue.DrainDelay, cancellationToken);
    }

    /// <summary>Not while the options of the host are made: it makes them before the settings are examined.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var forCalls = host.Value.ShutdownTimeout;
        host.Value.ShutdownTimeout = forCalls + options.CurrentValue.DrainDelay;
        _subscription = options.OnChange(changed => host.Value.ShutdownTimeout = forCalls + changed.DrainDelay);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();
}
