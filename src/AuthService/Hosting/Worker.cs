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

    /// <summary>
    /// Runs one round in a scope of its own. An exception is only reported, and the next round tries again, because an exception in a worker stops the host.
    /// </summary>
    /// <returns>The result; the default value after a failure.</returns>
    protected static async Task<T?> TryInScopeAsync<T>(
        IServiceScopeFactory scopes, Func<IServiceProvider, Task<T>> round, Action<Exception> report, CancellationToken stopping)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await round(scope.ServiceProvider);
        }
        catch (Exception error) when (error is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            report(error);
            return default;
        }
    }

    /// <summary>Runs one round without a result in the same way.</summary>
    protected static Task TryInScopeAsync(
        IServiceScopeFactory scopes, Func<IServiceProvider, Task> round, Action<Exception> report, CancellationToken stopping) => TryInScopeAsync(
            scopes,
            async services =>
            {
                await round(services);
                return true;
            },
            report,
            stopping);
}
