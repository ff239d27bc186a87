using AuthService.Mail;
using AuthService.SignIn.Recovery;

namespace AuthService.Hosting;

/// <summary>Serves requests for a new password by mail. The instance that received a request serves it at once, another one soon after.</summary>
internal sealed class RecoveryWorker(
    IServiceScopeFactory scopes, RecoveryWakeUp wakeUp, MailAvailability mail, Readiness readiness, ILogger<RecoveryWorker> logger) : Worker
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (true)
        {
            await wakeUp.WaitAsync(Interval, stopping);
            if (readiness.IsReady && mail.IsConfigured)
                await TryServeAllAsync(stopping);
        }
    }

    private Task TryServeAllAsync(CancellationToken stopping) => TryInScopeAsync(
        scopes,
        async services =>
        {
            var recovery = services.GetRequiredService<PasswordRecovery>();
            while (!stopping.IsCancellationRequested && await recovery.TryServeAsync())
            {
                // There may be more requests.
            }
        },
        error => HostingLog.RecoveryFailed(logger, error),
        stopping);
}
