using AuthService.Configuration;

namespace AuthService.Mail;

/// <summary>How the connection to the mail server is encrypted.</summary>
internal enum SmtpSecurity
{
    /// <summary>By STARTTLS, without which nothing is sent.</summary>
    StartTls,

    /// <summary>From its first byte.</summary>
    Tls,

    /// <summary>Not at all: for a server on the same machine.</summary>
    None,
}

/// <summary>Section <c>Mail</c>: who mails come from, which server takes them, what they look like and where their links lead.</summary>
internal sealed class MailOptions : IWarnsOfWeakness
{
    public const string Section = "Mail";

    /// <summary>An address, perhaps with a name (<c>Example &lt;no-reply@example.com&gt;</c>).</summary>
    public string? From { get; set; }

    public SmtpOptions Smtp { get; } = new();

    /// <summary>A folder with templates that add a locale or replace one that comes along; a relative path starts at the content root.</summary>
    public string? Templates { get; set; }

    public MailLinkOptions Links { get; } = new();

    /// <summary>Without a server no mail is sent: in Development files are written instead.</summary>
    public bool HasServer => !string.IsNullOrEmpty(Smtp.Host);

    public IEnumerable<string> FindWeaknesses()
    {
        if (!HasServer)
            yield return $"{Section}:Smtp:Host is empty: no mail is sent, and what needs one is answered with 503";
        else if (Smtp.Security is SmtpSecurity.None && !SmtpOptions.IsLocal(Smtp.Host!))
            yield return $"{Section}:Smtp:Security is None: mails, and the links in them, go to {Smtp.Host} in the clear";
    }
}

internal sealed class SmtpOptions
{
    private const int SubmissionPort = 587;
    private const int TlsPort = 465;
    private const int PlainPort = 25;

    public string? Host { get; set; }

    /// <summary>By default 587 with STARTTLS, 465 with TLS and 25 without.</summary>
    public int? Port { get; set; }

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>Nobody signs in to the server when it is missing.</summary>
    public string? User { get; set; }

    [Secret]
    public string? Password { get; set; }

    public int PortInUse => Port ?? Security switch
    {
        SmtpSecurity.StartTls => SubmissionPort,
        SmtpSecurity.Tls => TlsPort,
        _ => PlainPort,
    };

    public static bool IsLocal(string host) => new UriBuilder { Host = host }.Uri.IsLoopback;
}

/// <summary>The pages that links in mails lead to, with the token in the fragment; without one it is the page at the public address.</summary>
internal sealed class MailLinkOptions
{
    /// <summary>Where a new password is chosen.</summary>
    public string? PasswordReset { get; set; }

    /// <summary>Where an e-mail address is confirmed.</summary>
    public string? ConfirmAddress { get; set; }

    /// <summary>Where a person says that it was somebody else.</summary>
    public string? NotMe { get; set; }
}
