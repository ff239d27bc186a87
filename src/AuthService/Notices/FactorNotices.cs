using AuthService.Mail;

namespace AuthService.Notices;

/// <summary>Creates the notices about second factors.</summary>
internal static class FactorNotices
{
    /// <summary>The notice that an administrator has removed all factors.</summary>
    public static readonly Notice AllRemoved = Of(MailKind.FactorRemoved, MailFactor.Every);

    public static readonly Notice AppRemoved = Of(MailKind.FactorRemoved, MailFactor.AuthenticatorApp);

    public static readonly Notice RecoveryCodesMade = Of(MailKind.FactorAdded, MailFactor.RecoveryCodes);

    public static readonly Notice PasskeyRemoved = Of(MailKind.FactorRemoved, MailFactor.Passkey);

    public static readonly Notice AppAdded = Of(MailKind.FactorAdded, MailFactor.AuthenticatorApp) with { RemovesTotp = true };

    public static Notice PasskeyAdded(Guid passkey) => Of(MailKind.FactorAdded, MailFactor.Passkey) with { PasskeyId = passkey };

    private static Notice Of(MailKind kind, string factor) => Notice.Of(kind, (MailField.Factor, factor));
}
