using System.Diagnostics;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Mail;
using MimeKit;
using Xunit;

namespace AuthService.ApiTests.Recovery;

/// <summary>Finds the mails that the service sent to an address.</summary>
public sealed partial class Mailbox
{
    public const string Reset = "Choose a new password";
    public const string Confirm = "Confirm";
    public const string NewAddress = "New e-mail address";
    public const string NewPassword = "Your password";
    public const string NewFactor = "New second step";
    public const string FactorRemoved = "A second step was removed";
    public const string Closed = "Sign-in to your account";
    public const string NewDevice = "New sign-in";
    public const string ActedFor = "An administrator acted for you";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MailServer _server;

    internal Mailbox(MailServer server) => _server = server;

    public static string NewAddressOf(string name) => $"{name}-{Guid.NewGuid():N}@example.com";

    public MimeMessage[] To(string address, string subject) =>
        [.. _server.Received.Where(mail => mail.Subject!.StartsWith(subject, StringComparison.Ordinal)
            && mail.To.Mailboxes.Any(mailbox => mailbox.Address.Equals(address, StringComparison.OrdinalIgnoreCase)))];

    /// <returns>The mails to this address with this subject, once there are at least this many.</returns>
    public async Task<MimeMessage[]> WaitForAsync(string address, string subject, int mails = 1)
    {
        for (var waited = Stopwatch.StartNew(); To(address, subject).Length < mails;)
        {
            Assert.True(waited.Elapsed < Patience, $"{To(address, subject).Length} mails \"{subject}\" to {address}, not {mails}");
            await Task.Delay(20);
        }

        return To(address, subject);
    }

    public async Task<string> TokenAsync(string address, string subject, int mails = 1) => TokenOf((await WaitForAsync(address, subject, mails))[^1]);

    public static string LinkOf(MimeMessage mail) => Link().Match(mail.TextBody!).Value;

    public static string TokenOf(MimeMessage mail) => LinkOf(mail).Split("token=")[1];

    [GeneratedRegex(@"https?://\S+token=\S+", RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
