using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

/// <summary>
/// Stops the service in two steps on SIGTERM. It reports "not ready" and serves requests for <c>Shutdown:DrainDelay</c>, so that load balancers
/// notice. Then the server stops accepting requests and finishes those that run. An instance that was never ready stops without the delay. The host
/// counts the delay as part of its shutdown timeout, so it is added to the timeout for running calls.
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

    /// <summary>
    /// Adds the delay to the shutdown timeout of the host. The options of the host cannot do this, because they are created before the settings are
    /// checked.
    /// </summary>
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
