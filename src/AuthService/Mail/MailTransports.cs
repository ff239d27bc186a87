using Microsoft.Extensions.Options;

namespace AuthService.Mail;

/// <summary>Creates the transport for mails from the current settings.</summary>
internal sealed class MailTransports(IOptionsMonitor<MailOptions> options, MailAvailability availability, IHostEnvironment environment)
{
    /// <returns>Null when mail is not configured.</returns>
    public IMailTransport? Create()
    {
        if (!availability.IsConfigured)
            return null;
        return options.CurrentValue.HasServer
            ? new SmtpTransport(options.CurrentValue.Smtp)
            : new FileTransport(Path.Combine(environment.ContentRootPath, FileTransport.Folder));
    }
}
