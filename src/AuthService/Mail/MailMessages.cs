using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Text;

namespace AuthService.Mail;

/// <summary>Creates messages from the content of the outbox.</summary>
internal sealed class MailMessages(MailTemplates templates, IOptionsMonitor<MailOptions> options, IOptionsMonitor<PublicAddressOptions> address)
{
    /// <summary>The most characters of a field, because names and devices can have any length.</summary>
    private const int LongestField = 200;

    private string Site => Uri.TryCreate(address.CurrentValue.PublicAddress, UriKind.Absolute, out var uri) ? uri.Host : "localhost";

    /// <summary>Creates the same message at each attempt, so that a server or a person can recognize a duplicate.</summary>
    public MimeMessage Create(MailKind kind, MailContent content, LeasedMail mail)
    {
        var site = Site;
        var fields = content.Fields.ToDictionary(field => field.Key, field => Tame(field.Key, field.Value), StringComparer.Ordinal);
        fields[MailField.Name] = Tame(MailField.Name, content.Name);
        fields[MailField.Site] = site;
        var people = content.People.Select(person => person with { Name = Tame(MailField.Name, person.Name) });
        var rendered = templates.Find(kind, content.Locale).Render(fields, [.. people]);
        var message = new MimeMessage
        {
            MessageId = $"{mail.Id:N}@{site}",
            Date = UnixMicroseconds.To(mail.CreatedAt),
            Subject = rendered.Subject,
            Body = new MultipartAlternative
            {
                new TextPart(TextFormat.Plain) { Text = rendered.Text },
                new TextPart(TextFormat.Html) { Text = rendered.Html },
            },
        };
        message.From.Add(string.IsNullOrEmpty(options.CurrentValue.From)
            ? new MailboxAddress(site, $"no-reply@{site}")
            : MailboxAddress.Parse(options.CurrentValue.From));
        message.To.Add(new MailboxAddress(null, content.Address));
        message.Headers.Add(HeaderId.ContentLanguage, rendered.Locale);
        message.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: automatic replies do not answer it
        return message;
    }

    /// <summary>
    /// Removes line breaks and control characters, and shortens text that comes from people and browsers. Links come from this service and are not shortened.
    /// </summary>
    private static string Tame(string field, string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Trim();
        return field is MailField.Link || line.Length <= LongestField ? line : $"{line[..LongestField]}…";
    }
}
