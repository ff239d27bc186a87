namespace AuthService.Hosting;

/// <summary>
/// On SIGTERM: says "not ready" first, goes on serving for <c>Shutdown:DrainDelay</c> so that load balancers notice, and
/// only then lets the server stop accepting and finish what is running.
/// </summary>
internal sealed class Draining(Readiness readiness, IConfiguration configuration, ILogger<Draining> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan UsualDelay = TimeSpan.FromSeconds(5);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.MarkDraining();
        HostingLog.Draining(logger);
        await Task.Delay(configuration.GetValue("Shutdown:DrainDelay", UsualDelay), cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
