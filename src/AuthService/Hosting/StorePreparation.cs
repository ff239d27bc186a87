using AuthService.Storage;

namespace AuthService.Hosting;

/// <summary>
/// Brings the schema up to date and makes the first administrator, before the first request where the store can be
/// reached and as soon as it can be where not.
/// </summary>
internal sealed class StorePreparation(
    SchemaMigrator migrator, IServiceScopeFactory scopes, Readiness readiness, ILogger<StorePreparation> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryPrepareAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!readiness.IsPrepared)
        {
            await Task.Delay(Pause, stoppingToken);
            await TryPrepareAsync(stoppingToken);
        }
    }

    private async Task TryPrepareAsync(CancellationToken cancellation)
    {
        try
        {
            await migrator.MigrateAsync(cancellation);
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<FirstAdministrator>().CreateIfMissingAsync(cancellation);
            readiness.MarkPrepared();
        }
        catch (Exception error) when (error is System.Data.Common.DbException or IOException or TimeoutException or InvalidOperationException)
        {
            HostingLog.StoreNotPrepared(logger, error);
        }
    }
}
