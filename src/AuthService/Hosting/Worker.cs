namespace AuthService.Hosting;

/// <summary>
/// Work in the background until the host stops. A host that does not start cancels its workers without being stopped itself, and
/// would report each of them as failed.
/// </summary>
internal abstract class Worker : BackgroundService
{
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await WorkAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // This is how it ends.
        }
    }

    protected abstract Task WorkAsync(CancellationToken stopping);
}
