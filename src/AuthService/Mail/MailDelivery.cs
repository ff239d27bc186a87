using MimeKit;

namespace AuthService.Mail;

/// <summary>The result of one attempt to send a mail.</summary>
internal abstract record MailDelivery
{
    private MailDelivery()
    {
    }

    internal sealed record Sent : MailDelivery;

    /// <summary>This mail will never be accepted.</summary>
    internal sealed record Refused(string Reason) : MailDelivery;

    /// <summary>This mail is not accepted now; others may be.</summary>
    internal sealed record PutOff(string Reason) : MailDelivery;

    /// <summary>No mail is accepted now.</summary>
    internal sealed record Unreachable(string Reason) : MailDelivery;
}

/// <summary>Sends mails. One transport is created for a batch of them.</summary>
internal interface IMailTransport : IAsyncDisposable
{
    /// <summary>Connects to the server. Does nothing if it is connected already.</summary>
    Task ConnectAsync(CancellationToken cancellation);

    Task<MailDelivery> SendAsync(MimeMessage message, MailContent content, CancellationToken cancellation);

    /// <returns>The meaning of an exception from the other two methods, never with an address in it; null when it is not known.</returns>
    MailDelivery? Explain(Exception error);
}
