using AuthService.Mail;
using AuthService.SignIn.Recovery;

namespace AuthService.Hosting;

/// <summary>Serves requests for a new password by mail. The instance that received a request serves it at once, another one soon after.</summary>
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

    /// <summary>
    /// Serves all requests. A failure is only logged and tried again in the next round, because an exception in a worker stops the host.
    /// </summary>
    private async Task TryServeAllAsync(CancellationToken stopping)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var recovery = scope.ServiceProvider.GetRequiredService<PasswordRecovery>();
            while (!stopping.IsCancellationRequested && await recovery.TryServeAsync())
            {
                // There may be more requests.
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            HostingLog.RecoveryFailed(logger, error);
        }
    }
}
