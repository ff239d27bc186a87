using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Mail;

/// <summary>
/// Makes the links in mails: to the pages of the settings or to our own at the public address, and never to what a request calls its host. The token
/// stands in the fragment, which no server and no referrer gets to see; a page of the settings may name the place for it itself.
/// </summary>
internal sealed class MailLinks(IOptionsMonitor<MailOptions> mail, IOptionsMonitor<PublicAddressOptions> address)
{
    public const string PasswordResetPath = "/login/new-password";
    public const string ConfirmAddressPath = PublicNames.AccountPath + "/confirm-email";
    public const string NotMePath = PublicNames.AccountPath + "/not-me";

    /// <summary>Where an address of the settings wants the token.</summary>
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
