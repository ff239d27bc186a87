using AuthService.ApiTests.Hosting;
using AuthService.Mail;

namespace AuthService.ApiTests.Mail;

/// <summary>Creates mails as the rest of the service does.</summary>
internal static class MailDrafts
{
    public const string Link = "https://auth.example.com/page#token=tok_R5vLnQmWxY7Kd2";

    /// <summary>Settings with a mail server at an address where none listens, so that mails stay in the outbox.</summary>
    public static readonly Settings Unreachable = new()
    {
        ["Mail:From"] = "no-reply@example.com",
        ["Mail:Smtp:Host"] = "127.0.0.1",
        ["Mail:Smtp:Port"] = "9", // the discard port: no server listens there
    };

    public static readonly IReadOnlyDictionary<string, string?> None = new Dictionary<string, string?>(StringComparer.Ordinal);

    public static MailDraft Reset(string address) => Of(MailKind.PasswordReset, address);

    /// <summary>Creates a mail with every field that its kind has.</summary>
    public static MailDraft Of(MailKind kind, string address, string locale = "en") => new(
        kind, address, "Canary Lovelace", locale,
        kind.Fields.Where(field => field is not MailField.People).ToDictionary(field => field, field => (string?)ValueOf(field), StringComparer.Ordinal))
    {
        People = kind.HasPeople ? [new MailPerson("ada", Link), new MailPerson("grace", Link)] : [],
    };

    public static Task<bool> TryEnqueueAsync(this AuthHost host, MailDraft draft) =>
        host.CallAsync<MailOutbox, bool>(outbox => outbox.TryEnqueueAsync(draft));

    private static string ValueOf(string field) => field switch
    {
        MailField.Link => Link,
        MailField.Minutes => "30",
        MailField.Shown => "10",
        MailField.Stopped => "100",
        MailField.Address => "new@example.com",
        MailField.Factor => MailFactor.Passkey,
        MailField.Device => "Firefox on Linux",
        MailField.Time => MailField.TextOf(new DateTimeOffset(2026, 11, 28, 6, 15, 0, TimeSpan.Zero)),
        _ => "admin",
    };
}
