using System.Data.Common;
using AuthService.Storage;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

/// <summary>
/// Brings the schema up to date and creates the first administrator. If the store is available, this is done before the first request. If not, the
/// process starts anyway and tries again every second. A failure that waiting cannot resolve stops the service.
/// </summary>
internal sealed class StorePreparation(
    SchemaMigrator migrator,
    IServiceScopeFactory scopes,
    Readiness readiness,
    IHostApplicationLifetime lifetime,
    ILogger<StorePreparation> logger) : Worker
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StartWaits = TimeSpan.FromSeconds(5);

    protected override bool BeginsBeforeListening => true;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(ExecuteTask!, Task.Delay(StartWaits, cancellationToken));
    }

    /// <summary>
    /// Tries until the store is prepared. Opening a connection to a server that does not answer ignores the token, so a stop does not wait for it.
    /// </summary>
    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (!await TryPrepareAsync(stopping).WaitAsync(stopping))
            await Task.Delay(Pause, stopping);
    }

    /// <returns>Whether there is nothing more to try.</returns>
    private async Task<bool> TryPrepareAsync(CancellationToken cancellation)
    {
        try
        {
            await PrepareAsync(cancellation);
            readiness.MarkPrepared();
            return true;
        }
        catch (Exception error) when (MayPass(error))
        {
            HostingLog.StoreNotPrepared(logger, error);
            return false;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            readiness.MarkFailed(error.Message);
            lifetime.StopApplication();
            return true;
        }
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (scope.ServiceProvider.GetRequiredService<IOptions<StorageOptions>>().Value.Database.MigrateOnStart)
            await migrator.MigrateAsync(cancellation);
        else if (!await migrator.IsCurrentAsync(cancellation))
            throw new SchemaNotCurrentException($"The schema is not current and {StorageOptions.MigrateOnStartKey} is false: run the command \"migrate\"");
        if (await CommitEpoch.RenewIfMovedAsync(scope.ServiceProvider.GetRequiredService<Store>()))
            HostingLog.DatabaseMoved(logger);
        await scope.ServiceProvider.GetRequiredService<FirstAdministrator>().CreateIfMissingAsync(cancellation);
    }

    /// <summary>
    /// Returns whether waiting may help: the database is down, missing, out of date or not accessible. EF Core wraps errors that it considers
    /// transient in an InvalidOperationException.
    /// </summary>
    private static bool MayPass(Exception error) =>
        error is DbException or IOException or UnauthorizedAccessException or TimeoutException or SchemaNotCurrentException
        || error is InvalidOperationException { InnerException: DbException or TimeoutException or IOException };
}
