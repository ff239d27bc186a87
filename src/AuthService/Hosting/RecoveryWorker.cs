using AuthService.Mail;
using AuthService.SignIn.Recovery;

namespace AuthService.Hosting;

/// <summary>Serves those who asked for a new password by mail, at once on the instance that they asked and soon after on another.</summary>
internal sealed class RecoveryWorker(
    IServiceScopeFactory scopes, RecoveryWakeUp signal, MailAvailability mail, Readiness readiness, ILogger<RecoveryWorker> logger) : Worker
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (true)
        {
            await signal.WaitAsync(Interval, stopping);
            if (readiness.IsReady && mail.IsConfigured)
                await TryServeAllAsync(stopping);
        }
    }

    /// <summary>A worker that throws would stop the host; the next round tries again.</summary>
    private async Task TryServeAllAsync(CancellationToken stopping)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var recovery = scope.ServiceProvider.GetRequiredService<PasswordRecovery>();
            while (!stopping.IsCancellationRequested && await recovery.TryServeAsync())
            {
                // There may be more.
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            HostingLog.RecoveryFailed(logger, error);
        }
    }
}
