using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AuthService.Mail;

/// <summary>Sends mails over a connection to the mail server.</summary>
internal sealed partial class SmtpTransport(SmtpOptions options) : IMailTransport
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The client. Like HTTP clients of .NET, it does not check whether a certificate was revoked, because private authorities cannot tell.
    /// </summary>
    private readonly SmtpClient _client = new() { CheckCertificateRevocation = false };

    public async Task ConnectAsync(CancellationToken cancellation)
    {
        if (_client.IsConnected)
            return;
        await _client.ConnectAsync(options.Host!, options.PortInUse, SecurityOf(options.Security), cancellation);
        if (!string.IsNullOrEmpty(options.User))
            await _client.AuthenticateAsync(options.User, options.Password!, cancellation);
    }

    public async Task<MailDelivery> SendAsync(MimeMessage message, MailContent content, CancellationToken cancellation)
    {
        var format = FormatOptions.Default.Clone();
        if (message.To.Mailboxes.Any(mailbox => !Ascii.IsValid(mailbox.LocalPart)))
        {
            if (!_client.Capabilities.HasFlag(SmtpCapabilities.UTF8))
                return new MailDelivery.Refused("the server takes no internationalized addresses (SMTPUTF8)");
            format.International = true;
        }

        await _client.SendAsync(format, message, cancellation);
        return new MailDelivery.Sent();
    }

    /// <summary>Explains an exception. It repeats only the status codes of the server, because the server's words may name the person.</summary>
    public MailDelivery? Explain(Exception error) => error switch
    {
        SmtpCommandException { StatusCode: SmtpStatusCode.ServiceNotAvailable } refusal => new MailDelivery.Unreachable(ToText(refusal)),
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted } refusal =>
            IsPermanent(refusal) ? new MailDelivery.Refused(ToText(refusal)) : new MailDelivery.PutOff(ToText(refusal)),
        SmtpCommandException refusal => new MailDelivery.Unreachable(ToText(refusal)),
        NotSupportedException => new MailDelivery.Unreachable(options.Security is SmtpSecurity.StartTls
            ? "the server offers no STARTTLS, or no way to sign in that is known here"
            : "the server offers no way to sign in that is known here"),
        AuthenticationException => new MailDelivery.Unreachable("the server does not take Mail:Smtp:User with Mail:Smtp:Password"),
        ServiceNotAuthenticatedException => new MailDelivery.Unreachable("the server wants Mail:Smtp:User and Mail:Smtp:Password"),
        SslHandshakeException => new MailDelivery.Unreachable("the server's certificate is not trusted, or it speaks no TLS at this port"),
        OperationCanceledException => new MailDelivery.Unreachable("the server did not answer in time"),
        SocketException { SocketErrorCode: var code } => new MailDelivery.Unreachable($"the server cannot be reached ({code})"),
        ProtocolException or IOException or ServiceNotConnectedException or TimeoutException =>
            new MailDelivery.Unreachable("the connection broke, or what answers is no mail server"),
        _ => null,
    };

    public async ValueTask DisposeAsync()
    {
        using var goodbye = new CancellationTokenSource(GoodbyeTimeout);
        try
        {
            if (_client.IsConnected)
                await _client.DisconnectAsync(quit: true, goodbye.Token);
        }
        catch (Exception error) when (Explain(error) is not null)
        {
            // The connection is closed anyway.
        }

        _client.Dispose();
    }

    private static SecureSocketOptions SecurityOf(SmtpSecurity security) => security switch
    {
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.None,
    };

    private static bool IsPermanent(SmtpCommandException refusal) => (int)refusal.StatusCode >= (int)SmtpStatusCode.CommandUnrecognized;

    private static string ToText(SmtpCommandException refusal)
    {
        var enhanced = EnhancedCode().Match(refusal.Message).Value;
        var about = refusal.ErrorCode switch
        {
            SmtpErrorCode.RecipientNotAccepted => "recipient",
            SmtpErrorCode.SenderNotAccepted => "sender",
            SmtpErrorCode.MessageNotAccepted => "message",
            _ => "call",
        };
        return $"the server answered {(int)refusal.StatusCode}{(enhanced.Length > 0 ? $" {enhanced}" : "")} to the {about}";
    }

    /// <summary>Matches an enhanced status code (RFC 3463).</summary>
    [GeneratedRegex(@"^[245]\.\d{1,3}\.\d{1,3}\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EnhancedCode();
}
