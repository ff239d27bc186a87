using AuthService.Mail;

namespace AuthService.Notices;

/// <summary>Creates the notices about webhooks, for administrators.</summary>
internal static class WebhookNotices
{
    /// <param name="host">The host of the webhook's address.</param>
    /// <param name="at">The time at which the webhook is disabled.</param>
    public static Notice Disabled(string host, DateTimeOffset at) =>
        Notice.Of(MailKind.WebhookDisabled, (MailField.Webhook, host), (MailField.Time, MailField.TextOf(at)));
}
