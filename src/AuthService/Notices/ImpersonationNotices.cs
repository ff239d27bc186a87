using AuthService.Mail;

namespace AuthService.Notices;

/// <summary>Creates the notices about impersonations.</summary>
internal static class ImpersonationNotices
{
    /// <param name="administrator">The id of the administrator.</param>
    /// <param name="at">The time at which the impersonation begins.</param>
    public static Notice Begun(string administrator, DateTimeOffset at) =>
        Notice.Of(MailKind.ActedFor, (MailField.Administrator, administrator), (MailField.Time, MailField.TextOf(at)));
}
