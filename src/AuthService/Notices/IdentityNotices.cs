using AuthService.Mail;

namespace AuthService.Notices;

/// <summary>Creates the notices about the accounts at identity providers that people sign in with.</summary>
internal static class IdentityNotices
{
    public static Notice Added(string provider, Guid link) => Of(MailKind.IdentityAdded, provider) with { IdentityId = link };

    public static Notice Removed(string provider) => Of(MailKind.IdentityRemoved, provider);

    private static Notice Of(MailKind kind, string provider) => Notice.Of(kind, (MailField.Provider, provider));
}
