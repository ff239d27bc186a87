using MimeKit;

namespace AuthService.Mail;

/// <summary>How one try to send a mail ended.</summary>
internal abstract record MailDelivery
{
    private MailDelivery()
    {
    }

    internal sealed record Sent : MailDelivery;

    /// <summary>This mail will never be taken.</summary>
    internal sealed record Refused(string Reason) : MailDelivery;

    /// <summary>This mail is not taken now; others may be.</summary>
    internal sealed record PutOff(string Reason) : MailDelivery;

    /// <summary>No mail is taken now.</summary>
    internal sealed record Unreachable(string Reason) : MailDelivery;
}

/// <summary>What takes mails. One is made for a round of them.</summary>
internal interface IMailTransport : IAsyncDisposable
{
    /// <summary>Does nothing where it is connected already.</summary>
    Task ConnectAsync(CancellationToken cancellation);

    Task<MailDelivery> SendAsync(MimeMessage message, MailContent content, CancellationToken cancellation);

    /// <returns>What an exception of the two other methods means; never with an address in it.</returns>
    MailDelivery? Explain(Exception error);
}
