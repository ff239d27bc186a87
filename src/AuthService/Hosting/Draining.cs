using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

/// <summary>
/// On SIGTERM: says "not ready" first, goes on serving for <c>Shutdown:DrainDelay</c> so that load balancers notice, and
/// only then lets the server stop accepting and finish what is running. An instance that was never ready has nobody to wait for.
/// </summary>
internal sealed class Draining(Readiness readiness, IOptionsMonitor<ShutdownOptions> options, ILogger<Draining> logger) : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.MarkDraining();
        HostingLog.Draining(logger);
        if (readiness.IsPrepared)
            await Task.Delay(options.CurrentValue.DrainDelay, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
