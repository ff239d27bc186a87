using System.Globalization;
using AuthService.Tokens;

namespace AuthService.Mail;

/// <summary>A kind of mail and its fields. Every template also knows <see cref="MailField.Name"/> and <see cref="MailField.Site"/>.</summary>
internal sealed record MailKind
{
    /// <summary>Its link contains a token that sets a new password.</summary>
    public static readonly MailKind PasswordReset = new("password-reset", [MailField.Link, MailField.Minutes]);

    /// <summary>
    /// A password reset to an address that several people have: each has a link of their own. It shares the limit of <see cref="PasswordReset"/>.
    /// </summary>
    public static readonly MailKind PasswordResets =
        new("password-resets", [MailField.People, MailField.Minutes]) { Optional = [MailField.Shown], Budget = PasswordReset.Name };

    /// <summary>Its link contains a token that proves that the person reads the mail of this address.</summary>
    public static readonly MailKind ConfirmAddress = new("confirm-address", [MailField.Link, MailField.Minutes]);

    /// <summary>A notice to the old address, with the new address if there is one, and the administrator if one has changed it.</summary>
    public static readonly MailKind AddressChanged = new("address-changed", []) { Optional = [MailField.Address, MailField.Administrator, MailField.Link] };

    public static readonly MailKind PasswordChanged = new("password-changed", []) { Optional = [MailField.Link] };

    public static readonly MailKind FactorAdded = new("factor-added", [MailField.Factor]) { Optional = [MailField.Link] };

    public static readonly MailKind FactorRemoved = new("factor-removed", [MailField.Factor]) { Optional = [MailField.Link] };

    /// <summary>A notice that the person can sign in with an account at an identity provider from now on.</summary>
    public static readonly MailKind IdentityAdded = new("identity-added", [MailField.Provider]) { Optional = [MailField.Link] };

    public static readonly MailKind IdentityRemoved = new("identity-removed", [MailField.Provider]) { Optional = [MailField.Link] };

    public static readonly MailKind NewDevice = new("new-device", [MailField.Device, MailField.Time]) { Optional = [MailField.Address, MailField.Link] };

    /// <summary>
    /// A notice that somebody who knows the password tried too many codes. No code is judged until the time in it; after a stop, no code of the app at all.
    /// </summary>
    public static readonly MailKind SecondStepClosed = new("second-step-closed", [MailField.Time]) { Optional = [MailField.Stopped] };

    public static readonly MailKind ActedFor = new("acted-for", [MailField.Administrator, MailField.Time]) { Optional = [MailField.Link] };

    /// <summary>A notice to administrators that nothing is sent to the host in it any more.</summary>
    public static readonly MailKind WebhookDisabled = new("webhook-disabled", [MailField.Webhook, MailField.Time]);

    public static readonly IReadOnlyList<MailKind> All =
        [
            PasswordReset, PasswordResets, ConfirmAddress, AddressChanged, PasswordChanged, FactorAdded, FactorRemoved, IdentityAdded, IdentityRemoved,
            NewDevice, SecondStepClosed, ActedFor, WebhookDisabled,
        ];

    private MailKind(string name, IReadOnlyList<string> required) => (Name, Required, Budget) = (name, required, name);

    /// <summary>The name of the kind in the outbox, the templates and the metrics.</summary>
    public string Name { get; }

    /// <summary>The fields that every mail of this kind has.</summary>
    public IReadOnlyList<string> Required { get; }

    /// <summary>
    /// The fields that a mail of this kind may lack. Templates put the text that depends on one into a section (<c>{{#link}}…{{/link}}</c>).
    /// </summary>
    public IReadOnlyList<string> Optional { get; private init; } = [];

    /// <summary>The name of the kind under which it counts for the limit of mails per hour.</summary>
    public string Budget { get; private init; }

    /// <summary>Returns the key of the limit for mails that a person requests, to all addresses together.</summary>
    public byte[] HashFor(long person) => TokenHash.Of(string.Create(CultureInfo.InvariantCulture, $"{Budget}/of/{person}"));

    public IEnumerable<string> Fields => Required.Concat(Optional);

    /// <summary>
    /// Whether the mail is for several people. Templates have a section for each of them (<c>{{#people}}…{{/people}}</c>) with a name and a link.
    /// </summary>
    public bool HasPeople => Required.Contains(MailField.People, StringComparer.Ordinal);

    /// <returns>Null for a kind that this version does not know.</returns>
    public static MailKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}

/// <summary>The fields of mails, as templates call them.</summary>
internal static class MailField
{
    /// <summary>The name in the greeting; every mail has it.</summary>
    public const string Name = "name";

    /// <summary>The host of the public address; every mail has it.</summary>
    public const string Site = "site";

    /// <summary>The address of the page that the mail is about, or of "it wasn't me" in a notice.</summary>
    public const string Link = "link";

    /// <summary>The section that is repeated for each <see cref="MailPerson"/>.</summary>
    public const string People = "people";

    /// <summary>The number of people in the mail, present only when more people have the address.</summary>
    public const string Shown = "shown";

    /// <summary>The number of minutes for which the link is valid.</summary>
    public const string Minutes = "minutes";

    /// <summary>The new e-mail address, or the IP address of a device.</summary>
    public const string Address = "address";

    /// <summary>One of <see cref="MailFactor"/>.</summary>
    public const string Factor = "factor";

    /// <summary>The title of an identity provider.</summary>
    public const string Provider = "provider";

    public const string Device = "device";

    /// <summary>A time in the form of <see cref="TextOf"/>.</summary>
    public const string Time = "time";

    /// <summary>The number of wrong codes in a row that has stopped the codes of the app.</summary>
    public const string Stopped = "stopped";

    public const string Administrator = "administrator";

    /// <summary>The host of the webhook's address.</summary>
    public const string Webhook = "webhook";

    /// <summary>Returns a time in UTC. The form is the same in every language; the person's time zone is unknown.</summary>
    public static string TextOf(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

/// <param name="Name">The name with which the person signs in.</param>
/// <param name="Link">The person's own link.</param>
internal sealed record MailPerson(string Name, string Link)
{
    /// <summary>Omits the link, which is secret.</summary>
    public override string ToString() => $"MailPerson {Name}";
}

/// <summary>The second factors in notices. Templates have the words for each in a section (<c>{{#passkey}}…{{/passkey}}</c>).</summary>
internal static class MailFactor
{
    public const string AuthenticatorApp = "authenticator-app";
    public const string Passkey = "passkey";
    public const string RecoveryCodes = "recovery-codes";

    /// <summary>All factors, which an administrator removes at once.</summary>
    public const string Every = "every-second-step";

    public static readonly IReadOnlyList<string> All = [AuthenticatorApp, Passkey, RecoveryCodes, Every];
}
