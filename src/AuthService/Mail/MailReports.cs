using System.Diagnostics.Metrics;

namespace AuthService.Mail;

/// <summary>Reports the results of mails in the log and the metrics, never with an address.</summary>
internal sealed class MailReports
{
    private readonly Counter<long> _sent;
    private readonly Gauge<long> _waiting;
    private readonly ILogger<MailReports> _logger;

    /// <summary>The reason why no mail can be sent, kept to log it as an error once and not at every attempt.</summary>
    private string? _fault;

    public MailReports(IMeterFactory meters, ILogger<MailReports> logger)
    {
        var meter = meters.Create("AuthService.Mail");
        _sent = meter.CreateCounter<long>("authservice.mail.sent", "{try}", "Tries to send a mail, by outcome");
        _waiting = meter.CreateGauge<long>("authservice.mail.waiting", "{mail}", "Mails of all instances that waited to be sent when they were last counted");
        _logger = logger;
    }

    /// <summary>Whether the number of waiting mails is measured; it must be read from the store.</summary>
    public bool WantsWaiting => _waiting.Enabled;

    public void Waiting(long mails) => _waiting.Record(mails);

    public void Sent(LeasedMail mail)
    {
        Count("sent");
        MailLog.Sent(_logger, mail.Kind, mail.Id, mail.Attempts);
        if (Interlocked.Exchange(ref _fault, null) is not null)
            MailLog.ReachableAgain(_logger);
    }

    public void Refused(LeasedMail mail, string reason)
    {
        Count("refused");
        MailLog.Refused(_logger, mail.Kind, mail.Id, reason);
    }

    public void PutOff(LeasedMail mail, string reason)
    {
        Count("put_off");
        MailLog.PutOff(_logger, mail.Kind, mail.Id, reason);
    }

    public void Unreachable(LeasedMail mail, string reason)
    {
        Count("put_off");
        if (Interlocked.Exchange(ref _fault, reason) != reason)
            MailLog.Unreachable(_logger, reason);
        else
            MailLog.StillUnreachable(_logger, mail.Id, reason);
    }

    public void Expired(LeasedMail mail)
    {
        Count("expired");
        MailLog.Expired(_logger, mail.Kind, mail.Id);
    }

    public void NotKept(Exception error) => MailLog.NotKept(_logger, error);

    private void Count(string outcome) => _sent.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
