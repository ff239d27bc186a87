using AuthService.Mail;

namespace AuthService.Hosting;

/// <summary>
/// Sends mails. Mails of this instance are sent as soon as they are committed. Mails of other instances and postponed mails are found by polling.
/// </summary>
internal sealed class MailWorker(
    IServiceScopeFactory scopes, Readiness readiness, MailWakeUp wakeUp, MailReports reports, ILogger<MailWorker> logger) : Worker
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
            await wakeUp.WaitAsync(await TrySendAsync(stopping) ? Interval : IntervalWhileSomeWait, stopping);
    }

    /// <returns>Whether no mail was postponed.</returns>
    private Task<bool> TrySendAsync(CancellationToken stopping) => TryInScopeAsync(
        scopes,
        async services =>
        {
            var isDone = await services.GetRequiredService<MailSender>().SendDueAsync(stopping);
            if (reports.WantsWaiting)
                reports.Waiting(await services.GetRequiredService<MailStore>().CountAsync());
            return isDone;
        },
        error => HostingLog.MailFailed(logger, error),
        stopping);
}
