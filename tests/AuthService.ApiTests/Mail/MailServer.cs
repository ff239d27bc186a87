using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using AuthService.ApiTests.Hosting;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;
using Xunit;

namespace AuthService.ApiTests.Mail;

/// <summary>
/// A real SMTP server on a free local port, which keeps the mails that it accepts. Usage: <c>await using var server =
/// MailServer.Start()</c>.
/// </summary>
internal sealed class MailServer : MessageStore, IMailboxFilter, IUserAuthenticator, IAsyncDisposable
{
    public const string User = "mailer";
    public const string Password = "Canary-Smtp-4471";

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<MimeMessage> _received = new();
    private readonly Task _running;

    private MailServer(X509Certificate2? certificate, bool isTlsFromTheStart)
    {
        var options = new SmtpServerOptionsBuilder().ServerName("mail.example.com").CustomSmtpGreeting(Greet).Endpoint(endpoint =>
        {
            endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).IsSecure(isTlsFromTheStart).AllowUnsecureAuthentication(certificate is null);
            if (certificate is not null)
                endpoint.Certificate(certificate);
        });
        var services = new ServiceProvider();
        services.Add((IMessageStore)this);
        services.Add((IMailboxFilter)this);
        services.Add((IUserAuthenticator)this);
        _running = new SmtpServer.SmtpServer(options.Build(), services).StartAsync(_stop.Token);
    }

    public int Port { get; } = LocalServer.FreePort();

    /// <summary>The accepted mails, in order.</summary>
    public IReadOnlyCollection<MimeMessage> Received => _received;

    /// <summary>Runs before the server greets a client.</summary>
    public Action OnConnection { get; set; } = () => { };

    /// <summary>Returns the response for a recipient; null accepts the recipient.</summary>
    public Func<string, SmtpResponse?> OnRecipient { get; set; } = _ => null;

    /// <summary>Returns the response for a message. Only an accepted message is added to <see cref="Received"/>.</summary>
    public Func<MimeMessage, Task<SmtpResponse>> OnMessage { get; set; } = _ => Task.FromResult(SmtpResponse.Ok);

    /// <summary>Settings of an instance that sends its mails to this server without TLS.</summary>
    public Settings Settings => new()
    {
        ["Mail:From"] = "Example <no-reply@example.com>",
        ["Mail:Smtp:Host"] = "127.0.0.1",
        ["Mail:Smtp:Port"] = Port.ToString(CultureInfo.InvariantCulture),
        ["Mail:Smtp:Security"] = "None",
    };

    public static MailServer Start() => new(certificate: null, isTlsFromTheStart: false);

    /// <summary>Starts a server that accepts mails from <see cref="User"/> over TLS.</summary>
    public static MailServer StartWith(X509Certificate2 certificate, bool isTlsFromTheStart = false) => new(certificate, isTlsFromTheStart);

    /// <returns>The accepted mail to this address; fails if there are several.</returns>
    public async Task<MimeMessage> WaitForMailToAsync(string address)
    {
        await Eventually.TrueAsync(() => To(address).Any());
        return Assert.Single(To(address));
    }

    public Task UntilReceivedAsync(int mails) => Eventually.TrueAsync(() => _received.Count >= mails);

    public override async Task<SmtpResponse> SaveAsync(
        ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        var message = await MimeMessage.LoadAsync(new MemoryStream(buffer.ToArray()), cancellationToken);
        _ = (message.From.Count, message.To.Count, message.MessageId); // MimeKit parses lazily and is not thread-safe; several tests read at once
        var answer = await OnMessage(message);
        if (answer.ReplyCode is SmtpReplyCode.Ok)
            _received.Enqueue(message);
        return answer;
    }

    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
        OnRecipient($"{to.User}@{to.Host}") is { } refusal ? throw new SmtpResponseException(refusal) : Task.FromResult(true);

    public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) =>
        Task.FromResult((user, password) is (User, Password));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // The server ends with this exception when it is stopped.
        }

        _stop.Dispose();
    }

    private string Greet(ISessionContext context)
    {
        OnConnection();
        return "220 mail.example.com ESMTP";
    }

    private IEnumerable<MimeMessage> To(string address) =>
        _received.Where(message => message.To.Mailboxes.Any(mailbox => mailbox.Address.Equals(address, StringComparison.OrdinalIgnoreCase)));
}
