using System.Globalization;
using AuthService.Mail;

namespace AuthService.Notices;

/// <summary>Creates the notices about sign-ins.</summary>
internal static class SignInNotices
{
    /// <param name="device">The browser in words for people.</param>
    /// <param name="ipAddress">The IP address of the browser.</param>
    /// <param name="at">The time of the sign-in.</param>
    public static Notice NewDevice(string device, string? ipAddress, DateTimeOffset at) => Notice.Of(
        MailKind.NewDevice, (MailField.Device, device), (MailField.Address, ipAddress), (MailField.Time, MailField.TextOf(at)));

    /// <param name="until">When the second step opens again.</param>
    /// <param name="stoppedAfter">The number of wrong codes in a row that has stopped the codes of the app; null when they are not stopped.</param>
    public static Notice SecondStepClosed(DateTimeOffset until, int? stoppedAfter) => Notice.Of(
        MailKind.SecondStepClosed, (MailField.Time, MailField.TextOf(until)), (MailField.Stopped, stoppedAfter?.ToString(CultureInfo.InvariantCulture)));
}
