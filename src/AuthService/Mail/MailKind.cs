using System.Globalization;
using AuthService.Tokens;

namespace AuthService.Mail;

/// <summary>What a mail tells, and the fields of it. Templates also know <see cref="MailField.Name"/> and <see cref="MailField.Site"/>.</summary>
internal sealed record MailKind
{
    /// <summary>The token of its link sets a new password.</summary>
    public static readonly MailKind PasswordReset = new("password-reset", [MailField.Link, MailField.Minutes]);

    /// <summary>The same to an address that several people have: each has a link of their own. Of one budget with that.</summary>
    public static readonly MailKind PasswordResets =
        new("password-resets", [MailField.People, MailField.Minutes]) { Optional = [MailField.Shown], Budget = PasswordReset.Name };

    /// <summary>The token of its link proves that the person reads the mail of this address.</summary>
    public static readonly MailKind ConfirmAddress = new("confirm-address", [MailField.Link, MailField.Minutes]);

    /// <summary>To the old address, with the new one in it if there is one. Of an administrator's change it names the administrator.</summary>
    public static readonly MailKind AddressChanged = new("address-changed", []) { Optional = [MailField.Address, MailField.Administrator, MailField.Link] };

    public static readonly MailKind PasswordChanged = new("password-changed", []) { Optional = [MailField.Link] };

    public static readonly MailKind FactorAdded = new("factor-added", [MailField.Factor]) { Optional = [MailField.Link] };

    public static readonly MailKind FactorRemoved = new("factor-removed", [MailField.Factor]) { Optional = [MailField.Link] };

    /// <summary>The person can sign in with an account at an identity provider from now on.</summary>
    public static readonly MailKind IdentityAdded = new("identity-added", [MailField.Provider]) { Optional = [MailField.Link] };

    public static readonly MailKind IdentityRemoved = new("identity-removed", [MailField.Provider]) { Optional = [MailField.Link] };

    public static readonly MailKind NewDevice = new("new-device", [MailField.Device, MailField.Time]) { Optional = [MailField.Address, MailField.Link] };

    /// <summary>Somebody who knows the password tried so many codes that none is judged until the time in it, or of the app none any more.</summary>
    public static readonly MailKind SecondStepClosed = new("second-step-closed", [MailField.Time]) { Optional = [MailField.Stopped] };

    public static readonly MailKind ActedFor = new("acted-for", [MailField.Administrator, MailField.Time]) { Optional = [MailField.Link] };

    /// <summary>To administrators: nothing is sent any more to the host in it.</summary>
    public static readonly MailKind WebhookDisabled = new("webhook-disabled", [MailField.Webhook, MailField.Time]);

    public static readonly IReadOnlyList<MailKind> All =
        [
            PasswordReset, PasswordResets, ConfirmAddress, AddressChanged, PasswordChanged, FactorAdded, FactorRemoved, IdentityAdded, IdentityRemoved,
            NewDevice, SecondStepClosed, ActedFor, WebhookDisabled,
        ];

    private MailKind(string name, IReadOnlyList<string> required) => (Name, Required, Budget) = (name, required, name);

    /// <summary>As the outbox, the templates and the metrics call it.</summary>
    public string Name { get; }

    /// <summary>The fields that every mail of this kind has.</summary>
    public IReadOnlyList<string> Required { get; }

    /// <summary>The fields that a mail of this kind may lack; templates show what belongs to them in a section (<c>{{#link}}…{{/link}}</c>).</summary>
    public IReadOnlyList<string> Optional { get; private init; } = [];

    /// <summary>The kind as which it counts where mails to an address are limited.</summary>
    public string Budget { get; private init; }

    /// <summary>Of mails of one budget that a person asks for, to whatever addresses.</summary>
    public byte[] HashFor(long person) => TokenHash.Of(string.Create(CultureInfo.InvariantCulture, $"{Budget}/of/{person}"));

    public IEnumerable<string> Fields => Required.Concat(Optional);

    /// <summary>Whether it is for several people; templates have a section of each (<c>{{#people}}…{{/people}}</c>) with a name and a link.</summary>
    public bool HasPeople => Required.Contains(MailField.People, StringComparer.Ordinal);

    /// <returns>Null for a kind that this version does not know.</returns>
    public static MailKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}

/// <summary>The fields of mails, as templates call them.</summary>
internal static class MailField
{
    /// <summary>How the person is greeted; every mail has it.</summary>
    public const string Name = "name";

    /// <summary>The host of the public address; every mail has it.</summary>
    public const string Site = "site";

    /// <summary>What the mail asks for, or "it wasn't me" in a notice.</summary>
    public const string Link = "link";

    /// <summary>The section of <see cref="MailPerson"/>.</summary>
    public const string People = "people";

    /// <summary>How many of the people are in the mail, where there are more.</summary>
    public const string Shown = "shown";

    /// <summary>How long the link is good.</summary>
    public const string Minutes = "minutes";

    /// <summary>The new e-mail address, or of a device its IP address.</summary>
    public const string Address = "address";

    /// <summary>One of <see cref="MailFactor"/>.</summary>
    public const string Factor = "factor";

    /// <summary>The title of an identity provider.</summary>
    public const string Provider = "provider";

    public const string Device = "device";

    /// <summary><see cref="TextOf"/> a moment.</summary>
    public const string Time = "time";

    /// <summary>How many wrong codes in a row have stopped those of the app.</summary>
    public const string Stopped = "stopped";

    public const string Administrator = "administrator";

    /// <summary>The host that it leads to.</summary>
    public const string Webhook = "webhook";

    /// <summary>The same in every language, since nobody knows the person's time zone.</summary>
    public static string TextOf(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

/// <param name="Name">By which the person signs in.</param>
/// <param name="Link">What the mail asks them for.</param>
internal sealed record MailPerson(string Name, string Link)
{
    /// <summary>The link is secret.</summary>
    public override string ToString() => $"MailPerson {Name}";
}

/// <summary>The second factors that mails tell of. Templates have the words for each in a section (<c>{{#passkey}}…{{/passkey}}</c>).</summary>
internal static class MailFactor
{
    public const string AuthenticatorApp = "authenticator-app";
    public const string Passkey = "passkey";
    public const string RecoveryCodes = "recovery-codes";

    /// <summary>By an administrator, who removes them all.</summary>
    public const string Every = "every-second-step";

    public static readonly IReadOnlyList<string> All = [AuthenticatorApp, Passkey, RecoveryCodes, Every];
}
