namespace AuthService.Hosting;

/// <summary>
/// Work in the background from when the service listens until the host stops. A host that does not start cancels its workers without being
/// stopped itself, and would report each of them as failed.
/// </summary>
internal abstract class Worker : BackgroundService, IHostedLifecycleService
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the start needs this work. All other work would only make the first callers wait.</summary>
    protected virtual bool BeginsBeforeListening => false;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _started.TrySetResult();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (!BeginsBeforeListening)
                await _started.Task.WaitAsync(stoppingToken);
            await WorkAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // This is how it ends.
        }
    }

    protected abstract Task WorkAsync(CancellationToken stopping);
}
