using AuthService.Storage;

namespace AuthService.Hosting;

/// <summary>
/// Brings the schema up to date and makes the first administrator. A store that answers is ready before the first
/// request; one that does not must not keep the process from starting, and is prepared as soon as it can be.
/// </summary>
internal sealed class StorePreparation(
    SchemaMigrator migrator, IServiceScopeFactory scopes, Readiness readiness, IConfiguration configuration, ILogger<StorePreparation> logger) : BackgroundService
{
    /// <summary>When false, the service waits for the command <c>migrate</c> to have been run.</summary>
    public const string MigrateOnStart = "Database:MigrateOnStart";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StartWaits = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(ExecuteTask!, Task.Delay(StartWaits, cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryPrepareAsync(stoppingToken);
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
            if (configuration.GetValue(MigrateOnStart, defaultValue: true))
                await migrator.MigrateAsync(cancellation);
            else if (!await migrator.IsCurrentAsync(cancellation))
                throw new InvalidOperationException($"The schema is not current and {MigrateOnStart} is false: run the command \"migrate\"");
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<FirstAdministrator>().CreateIfMissingAsync(cancellation);
            readiness.MarkPrepared();
        }
        catch (Exception error) when (IsOfTheStore(error))
        {
            HostingLog.StoreNotPrepared(logger, error);
        }
    }

    /// <summary>Down, not there, or not allowed: all of this may pass. Anything else is a fault of ours and ends the process.</summary>
    private static bool IsOfTheStore(Exception error) => error is
        System.Data.Common.DbException or IOException or UnauthorizedAccessException or TimeoutException or InvalidOperationException;
}
