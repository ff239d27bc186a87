using System.Security.Cryptography;
using AuthService.Storage;

namespace AuthService.Mail;

/// <summary>Sends the mails that are due. It leases a mail, hands it to the server, and deletes it after the server has accepted it.</summary>
internal sealed class MailSender(MailStore mails, MailMessages messages, MailTransports transports, MailReports reports, TimeProvider clock)
{
    /// <summary>The duration of a lease, longer than an attempt takes. After a crash the mail is tried again when it has passed.</summary>
    private static readonly TimeSpan LeaseLifetime = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromMinutes(1);

    /// <summary>How long an attempt that is running when the service stops may still take.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    /// <summary>Sends one mail after the other until none is due or the server accepts none.</summary>
    /// <returns>True when no mail has to be tried again.</returns>
    public async Task<bool> SendDueAsync(CancellationToken stopping)
    {
        var isDone = true;
        if (transports.Create() is not { } transport)
            return isDone;
        await using (transport)
        {
            while (!stopping.IsCancellationRequested && await mails.TryLeaseAsync(clock.GetUtcNow(), LeaseLifetime) is { } mail)
            {
                var delivery = await DeliverAsync(transport, mail, stopping);
                await UntilKeptAsync(() => FinishAsync(mail, delivery), stopping);
                isDone &= delivery is MailDelivery.Sent or MailDelivery.Refused;
                if (delivery is MailDelivery.Unreachable)
                    break;
            }
        }

        return isDone;
    }

    private async Task<MailDelivery> DeliverAsync(IMailTransport transport, LeasedMail mail, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource();
        using var stop = stopping.Register(() => timeout.CancelAfter(StopTimeout));
        try
        {
            var content = mails.Open(mail);
            if (MailKind.Find(mail.Kind) is not { } kind)
                return new MailDelivery.PutOff("this version does not know the kind");
            var message = messages.Create(kind, content, mail);
            timeout.CancelAfter(ConnectTimeout);
            await transport.ConnectAsync(timeout.Token);
            if (!mail.IsLeasedFor(SendTimeout, clock.GetUtcNow()))
                return new MailDelivery.PutOff("its lease ran out");
            timeout.CancelAfter(stopping.IsCancellationRequested ? StopTimeout : SendTimeout);
            return await transport.SendAsync(message, content, timeout.Token);
        }
        catch (CryptographicException)
        {
            return new MailDelivery.PutOff($"its encryption key \"{mail.KeyId}\" is missing");
        }
        catch (Exception error) when (transport.Explain(error) is { } delivery)
        {
            return delivery;
        }
    }

    private async Task FinishAsync(LeasedMail mail, MailDelivery delivery)
    {
        var next = clock.GetUtcNow() + Backoff.PauseAfter(mail.Attempts, FirstPause, LongestPause);
        switch (delivery)
        {
            case MailDelivery.Sent:
                await mails.DeleteAsync(mail);
                reports.Sent(mail);
                break;
            case MailDelivery.Refused(var reason):
                await mails.DeleteAsync(mail);
                reports.Refused(mail, reason);
                break;
            case MailDelivery.PutOff(var reason):
                await PutOffAsync(mail, next);
                reports.PutOff(mail, reason);
                break;
            case MailDelivery.Unreachable(var reason):
                await PutOffAsync(mail, next);
                reports.Unreachable(mail, reason);
                break;
        }
    }

    private async Task PutOffAsync(LeasedMail mail, DateTimeOffset next)
    {
        if (UnixMicroseconds.From(next) < mail.ExpireAt)
        {
            await mails.PutOffAsync(mail, next);
            return;
        }

        await mails.DeleteAsync(mail);
        reports.Expired(mail);
    }

    /// <summary>
    /// Repeats a write until it succeeds, so that a mail that the server has accepted is not sent again because the database was unavailable for a moment.
    /// </summary>
    private async Task UntilKeptAsync(Func<Task> write, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await write();
                return;
            }
            catch (Exception error) when (error is not OperationCanceledException && !stopping.IsCancellationRequested)
            {
                reports.NotKept(error);
                await Task.Delay(TimeSpan.FromSeconds(1), stopping);
            }
        }
    }
}
