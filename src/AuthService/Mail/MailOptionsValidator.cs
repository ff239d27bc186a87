using AuthService.Configuration;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AuthService.Mail;

internal sealed class MailOptionsValidator : IValidateOptions<MailOptions>
{
    private const string Smtp = $"{MailOptions.Section}:{nameof(MailOptions.Smtp)}";
    private const string Links = $"{MailOptions.Section}:{nameof(MailOptions.Links)}";

    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (!string.IsNullOrEmpty(options.From) && !IsSender(options.From))
        {
            faults.AddError(
                $"{MailOptions.Section}:From must be an address (no-reply@example.com), perhaps with a name before it, "
                + $"it is {SettingValue.Show(options.From)}");
        }
        else if (options.HasServer && string.IsNullOrEmpty(options.From))
        {
            faults.AddError($"{MailOptions.Section}:From is missing: it is the address that mails come from");
        }

        CheckServer(options.Smtp, faults);
        CheckLink(nameof(MailLinkOptions.PasswordReset), options.Links.PasswordReset, faults);
        CheckLink(nameof(MailLinkOptions.ConfirmAddress), options.Links.ConfirmAddress, faults);
        CheckLink(nameof(MailLinkOptions.NotMe), options.Links.NotMe, faults);
        return faults.Build();
    }

    private static void CheckServer(SmtpOptions smtp, ValidateOptionsResultBuilder faults)
    {
        if (!string.IsNullOrEmpty(smtp.Host) && Uri.CheckHostName(smtp.Host) is UriHostNameType.Unknown)
            faults.AddError($"{Smtp}:{nameof(smtp.Host)} must be a host name or an IP address, it is {SettingValue.Show(smtp.Host)}");
        if (smtp.Port is < 1 or > ushort.MaxValue)
            faults.AddError($"{Smtp}:{nameof(smtp.Port)} must be 1 to {ushort.MaxValue}, it is {smtp.Port}");
        if (string.IsNullOrEmpty(smtp.User) != string.IsNullOrEmpty(smtp.Password))
            faults.AddError($"{Smtp}:{(string.IsNullOrEmpty(smtp.User) ? nameof(smtp.User) : nameof(smtp.Password))} is missing: one needs the other");
    }

    private static void CheckLink(string page, string? link, ValidateOptionsResultBuilder faults)
    {
        if (!string.IsNullOrEmpty(link) && !(Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Fragment: "" }))
            faults.AddError($"{Links}:{page} must be an http(s) address without a fragment, it is {SettingValue.Show(link)}");
    }

    private static bool IsSender(string text) => MailboxAddress.TryParse(text, out var sender) && MailAddress.TryParse(sender.Address, out _);
}
