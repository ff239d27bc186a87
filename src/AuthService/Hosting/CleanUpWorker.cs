using AuthService.Applications;
using AuthService.Audit;
using AuthService.Delegation;
using AuthService.Sessions;
using AuthService.SignIn;
using AuthService.Storage;

namespace AuthService.Hosting;

/// <summary>
/// Deletes what has expired. Nothing depends on it: expired rows never count. It works in small batches with pauses
/// between them, and instances pass over each other's rows.
/// </summary>
internal sealed class CleanUpWorker(
    IServiceScopeFactory scopes, Readiness readiness, TimeProvider clock, IConfiguration configuration, ILogger<CleanUpWorker> logger) : BackgroundService
{
    private const int BatchSize = 500;
    private static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseBetweenBatches = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(configuration.GetValue("CleanUp:Interval", UsualInterval));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (readiness.IsReady)
                await TryCleanUpAsync(stoppingToken);
        }
    }

    /// <summary>A worker that throws would stop the host; the next round tries again.</summary>
    private async Task TryCleanUpAsync(CancellationToken cancellation)
    {
        try
        {
            await CleanUpAsync(cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            HostingLog.CleanUpFailed(logger, error);
        }
    }

    private async Task CleanUpAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        services.GetRequiredService<AuthDbContext>().AllowLongStatements();
        await InBatchesAsync(services.GetRequiredService<SessionEndings>().DeleteExpiredAsync, "sessions", cancellation);
        await InBatchesAsync(services.GetRequiredService<ClaimStore>().DeleteForgottenAsync, "claims", cancellation);
        await InBatchesAsync(services.GetRequiredService<LockoutStore>().DeleteForgottenAsync, "lockouts", cancellation);
        await InBatchesAsync(services.GetRequiredService<AppTokenStore>().DeleteExpiredAsync, "app tokens", cancellation);
        await InBatchesAsync(services.GetRequiredService<KeptAnswerStore>().DeleteForgottenAsync, "kept answers", cancellation);
        await InBatchesAsync(services.GetRequiredService<RevokedTokenStore>().DeleteForgottenAsync, "revoked tokens", cancellation);
        await InBatchesAsync(services.GetRequiredService<AuditStore>().DeleteForgottenAsync, "audit events", cancellation);
    }

    private async Task InBatchesAsync(Func<DateTimeOffset, int, CancellationToken, Task<int>> delete, string what, CancellationToken cancellation)
    {
        var total = 0;
        int deleted;
        do
        {
            deleted = await delete(clock.GetUtcNow(), BatchSize, cancellation);
            total += deleted;
            if (deleted == BatchSize)
                await Task.Delay(PauseBetweenBatches, cancellation);
        }
        while (deleted == BatchSize);

        if (total > 0)
            HostingLog.CleanedUp(logger, total, what);
    }
}
