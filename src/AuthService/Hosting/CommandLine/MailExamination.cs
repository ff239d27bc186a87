using System.Runtime.CompilerServices;
using AuthService.Mail;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting.CommandLine;

/// <summary>Examines whether the mail server can be reached and accepts the credentials. No mail is sent.</summary>
internal static class MailExamination
{
    private const string Mail = "mail";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async IAsyncEnumerable<Finding> ExamineAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var options = services.GetRequiredService<IOptions<MailOptions>>().Value;
        if (!options.HasServer)
            yield break; // the examination of the settings has reported it
        yield return services.GetRequiredService<MailAvailability>().IsConfigured
            ? await ConnectAsync(options.Smtp, cancellation)
            : Finding.Wrong(Mail, "no mail is sent: mails wait encrypted, and Encryption:Keys is empty");
    }

    private static async Task<Finding> ConnectAsync(SmtpOptions smtp, CancellationToken cancellation)
    {
        var server = $"{smtp.Host}:{smtp.PortInUse}, {smtp.Security}";
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(Patience);
        await using var transport = new SmtpTransport(smtp);
        try
        {
            await transport.ConnectAsync(timeout.Token);
            return Finding.Fine(Mail, string.IsNullOrEmpty(smtp.User) ? server : $"{server}, signed in");
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested && transport.Explain(error) is MailDelivery.Unreachable(var reason))
        {
            return Finding.Wrong(Mail, $"{server}: {reason}");
        }
    }
}
