namespace AuthService.Hosting;

/// <summary>
/// Background work that runs from when the service listens until the host stops. A host that fails to start cancels its workers without stopping
/// them. It would report each of them as failed, so the cancellation is caught here.
/// </summary>
internal abstract class Worker : BackgroundService, IHostedLifecycleService
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the start needs this work. Other work begins later, because it would only delay the first callers.</summary>
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
            // A worker ends this way.
        }
    }

    protected abstract Task WorkAsync(CancellationToken stopping);
}
