using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Mail;

/// <summary>
/// Creates the links in mails. They lead to pages of the settings or to our own at the public address, never to the host that a request names.
/// The token is in the fragment, which is sent to no server and in no referrer. A page of the settings can name another place for it.
/// </summary>
internal sealed class MailLinks(IOptionsMonitor<MailOptions> mail, IOptionsMonitor<PublicAddressOptions> address)
{
    public const string PasswordResetPath = "/login/new-password";
    public const string ConfirmAddressPath = PublicNames.AccountPath + "/confirm-email";
    public const string NotMePath = PublicNames.AccountPath + "/not-me";

    /// <summary>The placeholder for the token in an address of the settings.</summary>
    private const string Place = "{token}";

    public string ToPasswordReset(PasswordResetToken token) => LinkTo(mail.CurrentValue.Links.PasswordReset, PasswordResetPath, token);

    public string ToConfirmAddress(AddressToken token) => LinkTo(mail.CurrentValue.Links.ConfirmAddress, ConfirmAddressPath, token);

    public string ToNotMe(NotMeToken token) => LinkTo(mail.CurrentValue.Links.NotMe, NotMePath, token);

    private string LinkTo(string? page, string ownPath, OpaqueSecret token)
    {
        if (string.IsNullOrEmpty(page))
            return $"{address.CurrentValue.PublicAddress}{ownPath}#token={token.Reveal()}";
        return page.Contains(Place, StringComparison.Ordinal)
            ? page.Replace(Place, token.Reveal(), StringComparison.Ordinal)
            : $"{page}#token={token.Reveal()}";
    }
}
