using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Mail;

/// <summary>Whether mails are sent here: by a server, or in Development as files. Either way they wait encrypted, for which a key is needed.</summary>
internal sealed class MailAvailability(IOptionsMonitor<MailOptions> options, SecretBox box, IHostEnvironment environment)
{
    public bool IsConfigured => (options.CurrentValue.HasServer || environment.IsDevelopment()) && box.HasKey;
}
