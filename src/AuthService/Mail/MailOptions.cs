using AuthService.Configuration;

namespace AuthService.Mail;

/// <summary>How the connection to the mail server is encrypted.</summary>
internal enum SmtpSecurity
{
    /// <summary>With STARTTLS; nothing is sent without it.</summary>
    StartTls,

    /// <summary>With TLS from the first byte.</summary>
    Tls,

    /// <summary>Not encrypted, for a server on the same machine.</summary>
    None,
}

/// <summary>Section <c>Mail</c>: the sender, the mail server, the templates and the pages that links lead to.</summary>
internal sealed class MailOptions : IWarnsOfWeakness
{
    public const string Section = "Mail";

    /// <summary>The sender: an address, optionally with a name (<c>Example &lt;no-reply@example.com&gt;</c>).</summary>
    public string? From { get; set; }

    public SmtpOptions Smtp { get; } = new();

    /// <summary>A folder with templates that add a locale or replace a built-in template. A relative path starts at the content root.</summary>
    public string? Templates { get; set; }

    public MailLinkOptions Links { get; } = new();

    /// <summary>Whether a mail server is configured. Without one no mail is sent; in Development files are written instead.</summary>
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

    /// <summary>The port of the server. By default 587 with STARTTLS, 465 with TLS and 25 without encryption.</summary>
    public int? Port { get; set; }

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>The user name for the server; without it there is no sign-in to the server.</summary>
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

/// <summary>The pages that links in mails lead to, with the token in the fragment. A missing page is replaced by the one at the public address.</summary>
internal sealed class MailLinkOptions
{
    /// <summary>The page on which a person sets a new password.</summary>
    public string? PasswordReset { get; set; }

    /// <summary>The page on which a person confirms an e-mail address.</summary>
    public string? ConfirmAddress { get; set; }

    /// <summary>The page on which a person reports that it was not them.</summary>
    public string? NotMe { get; set; }
}
