using System.Diagnostics.CodeAnalysis;
using AuthService.Principals;
using AuthService.Tokens;
using MimeKit;

namespace AuthService.Mail;

/// <summary>An address that a mail can be sent to: one, without a name, comment or route. Internationalized addresses are allowed (RFC 6531).</summary>
internal sealed class MailAddress
{
    /// <summary>The longest address (RFC 5321, 4.5.3.1.3, without the brackets).</summary>
    private const int MaximumLength = 254;

    private static readonly ParserOptions Strict = new()
    {
        AddressParserComplianceMode = RfcComplianceMode.Strict,
        AllowAddressesWithoutDomain = false,
        AllowUnquotedCommasInAddresses = false,
    };

    private MailAddress(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out MailAddress? address)
    {
        address = null;
        if (text is not { Length: > 0 and <= MaximumLength } || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) || !UnicodeText.IsWellFormed(text))
            return false;
        if (!MailboxAddress.TryParse(Strict, text, out var parsed) || !IsSame(parsed, text))
            return false;
        address = new MailAddress(text);
        return true;
    }

    /// <summary>
    /// Checks whether two addresses are certainly the same mailbox: they differ at most in the case of ASCII letters. Addresses that only look alike
    /// (a ligature, another form of a letter) can belong to different people.
    /// </summary>
    public static bool AreSame(string? first, string? second) => first is not null && MailboxOf(first) == MailboxOf(second);

    /// <summary>Returns a text that is equal for addresses that are the same by <see cref="AreSame"/>.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? MailboxOf(string? text) =>
        text is null ? null : string.Concat(text.Trim().Select(c => char.IsAscii(c) ? char.ToLowerInvariant(c) : c));

    /// <summary>
    /// Returns the key of the limit for mails of a kind to this mailbox. An address that only looks alike has a limit of its own,
    /// because it can belong to somebody else.
    /// </summary>
    public byte[] HashFor(MailKind kind) => TokenHash.Of($"{kind.Budget}/{MailboxOf(Text)}");

    public override string ToString() => "[address]";

    /// <summary>Checks that the text is only an address: the parser accepts more, and reads the domain of an internationalized address as Unicode.</summary>
    private static bool IsSame(MailboxAddress parsed, string text) => string.IsNullOrEmpty(parsed.Name) && parsed.Route.Count is 0
        && MailboxAddress.EncodeAddrspec(parsed.Address).Equals(MailboxAddress.EncodeAddrspec(text), StringComparison.OrdinalIgnoreCase);
}
