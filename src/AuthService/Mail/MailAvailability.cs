using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Mail;

/// <summary>Tells whether mails are sent: by a server, or in Development as files. Waiting mails are encrypted, so a key is required too.</summary>
internal sealed class MailAvailability(IOptionsMonitor<MailOptions> options, SecretBox box, IHostEnvironment environment)
{
    public bool IsConfigured => (options.CurrentValue.HasServer || environment.IsDevelopment()) && box.HasKey;
}
