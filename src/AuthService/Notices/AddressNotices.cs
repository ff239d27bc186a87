using AuthService.Mail;

namespace AuthService.Notices;

/// <summary>What people are told, at the old address, of another e-mail address.</summary>
internal static class AddressNotices
{
    /// <summary>The person asks for it; it is theirs once they confirm it.</summary>
    public static Notice Requested(string address) => Of(address, administrator: null);

    /// <param name="administrator">Who has done it.</param>
    /// <param name="address">The new one; null when the person has none from now on.</param>
    public static Notice ReplacedBy(string? administrator, string? address) => Of(address, administrator) with { HasLink = false };

    private static Notice Of(string? address, string? administrator) => new(MailKind.AddressChanged)
    {
        Fields = new Dictionary<string, string?>(StringComparer.Ordinal) { [MailField.Address] = address, [MailField.Administrator] = administrator },
    };
}
