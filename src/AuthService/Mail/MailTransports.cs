using Microsoft.Extensions.Options;

namespace AuthService.Mail;

/// <summary>Where mails go, by the settings as they are at this moment.</summary>
internal sealed class MailTransports(IOptionsMonitor<MailOptions> options, MailAvailability availability, IHostEnvironment environment)
{
    /// <returns>Null when no mail is sent here.</returns>
    public IMailTransport? Create()
    {
        if (!availability.IsConfigured)
            return null;
        return options.CurrentValue.HasServer
            ? new SmtpTransport(options.CurrentValue.Smtp)
            : new FileTransport(Path.Combine(environment.ContentRootPath, FileTransport.Folder));
    }
}
