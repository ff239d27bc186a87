using AuthService.Mail;

namespace AuthService.Notices;

/// <summary>Creates the notices to the old address about a change of the e-mail address.</summary>
internal static class AddressNotices
{
    /// <summary>Creates the notice that the person wants another address, which becomes theirs once they confirm it.</summary>
    public static Notice Requested(string address) => Of(address, administrator: null);

    /// <param name="administrator">The administrator who changed it; null when it was not an administrator.</param>
    /// <param name="address">The new address; null when the person has none from now on.</param>
    public static Notice ReplacedBy(string? administrator, string? address) => Of(address, administrator) with { HasLink = false };

    private static Notice Of(string? address, string? administrator) =>
        Notice.Of(MailKind.AddressChanged, (MailField.Address, address), (MailField.Administrator, administrator));
}
