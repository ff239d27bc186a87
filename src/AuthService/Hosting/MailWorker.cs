using AuthService.Mail;

namespace AuthService.Hosting;

/// <summary>
/// Sends mails. Mails of this instance are sent as soon as they are committed. Mails of other instances and postponed mails are found by polling.
/// </summary>
internal sealed class MailWorker(
    IServiceScopeFactory scopes, Readiness readiness, MailWakeUp signal, MailReports reports, ILogger<MailWorker> logger) : Worker
{
    private static readonly TimeSpan UntilPrepared = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IntervalWhileSomeWait = TimeSpan.FromSeconds(5);

    /// <summary>Runs the loop, also while the instance drains, because its last calls may write mails.</summary>
    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (!readiness.IsPrepared)
            await Task.Delay(UntilPrepared, stopping);
        while (true)
            await signal.WaitAsync(await TrySendAsync(stopping) ? Interval : IntervalWhileSomeWait, stopping);
    }

    /// <summary>Sends what is due. A failure is only logged and tried again in the next round, because an exception in a worker stops the host.</summary>
    /// <returns>Whether no mail was postponed.</returns>
    private async Task<bool> TrySendAsync(CancellationToken stopping)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var isDone = await scope.ServiceProvider.GetRequiredService<MailSender>().SendDueAsync(stopping);
            if (reports.WantsWaiting)
                reports.Waiting(await scope.ServiceProvider.GetRequiredService<MailStore>().CountAsync());
            return isDone;
        }
        catch (Exception error) when (error is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            HostingLog.MailFailed(logger, error);
            return false;
        }
    }
}
