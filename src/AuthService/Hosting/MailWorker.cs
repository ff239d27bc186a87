using AuthService.Mail;

namespace AuthService.Hosting;

/// <summary>Sends mails: at once what this instance committed, and at a poll what others left, or what was put off.</summary>
internal sealed class MailWorker(
    IServiceScopeFactory scopes, Readiness readiness, MailWakeUp signal, MailReports reports, ILogger<MailWorker> logger) : Worker
{
    private static readonly TimeSpan UntilPrepared = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IntervalWhileSomeWait = TimeSpan.FromSeconds(5);

    /// <summary>Goes on while the instance drains: its last calls may write mails.</summary>
    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (!readiness.IsPrepared)
            await Task.Delay(UntilPrepared, stopping);
        while (true)
            await signal.WaitAsync(await TrySendAsync(stopping) ? Interval : IntervalWhileSomeWait, stopping);
    }

    /// <summary>A worker that throws would stop the host; the next round tries again.</summary>
    /// <returns>Whether nothing had to be put off.</returns>
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
