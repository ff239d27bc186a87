using AuthService.ApiTests.Recovery;
using MimeKit;

namespace AuthService.ApiTests.Faults;

/// <summary>Checks the mails of a load: I10.</summary>
/// <param name="recorder">Has recorded the calls.</param>
/// <param name="users">The users who get the mails.</param>
/// <param name="snapshot">The contents of the database.</param>
/// <param name="mailed">Every mail that the mail server accepted, with repetitions.</param>
internal sealed class MailChecker(Recorder recorder, LoadUsers users, DatabaseSnapshot snapshot, IReadOnlyCollection<MimeMessage> mailed)
{
    /// <summary>The most mails of one kind to an address within an hour.</summary>
    private const int MostToAddress = 3;

    private readonly ILookup<CallKind, Call> _calls = recorder.Calls.ToLookup(call => call.CallKind);

    /// <summary>The number of mails that arrived again with the same Message-ID, because their sender could not continue.</summary>
    public int Repeated => mailed.Count - mailed.Select(mail => mail.MessageId).Distinct(StringComparer.Ordinal).Count();

    /// <param name="mayRepeat">
    /// Whether an instance may have died, or lost its database for longer than a claim lasts, after it sent a mail and before it marked the mail as
    /// sent.
    /// </param>
    public IEnumerable<string> FindViolations(bool mayRepeat) =>
    [
        .. mayRepeat ? [] : Repeats().Select(mails => $"I10: \"{mails.First().Subject}\" to {mails.First().To} came {mails.Count()} times"),
        .. Repeats().Where(mails => mails.Select(TextOf).Distinct(StringComparer.Ordinal).Count() > 1).Select(mails => $"I10: {mails.Key} came in two forms"),
        .. users.WithMail.SelectMany(user => OnRecord(user, Mailbox.Confirm, "email_change_requested")),
        .. users.WithMail.SelectMany(user => OnRecord(user, Mailbox.Reset, "password_reset_mailed")),
        .. AskedFor(CallKind.AskForAddress, Mailbox.Confirm),
        .. AskedFor(CallKind.AskForReset, Mailbox.Reset),
    ];

    private IEnumerable<IGrouping<string?, MimeMessage>> Repeats() =>
        mailed.GroupBy(mail => mail.MessageId, StringComparer.Ordinal).Where(mails => mails.Count() > 1);

    /// <summary>Checks that there is one mail for each audit entry, because both are written in the same transaction.</summary>
    private IEnumerable<string> OnRecord(MailUser user, string subject, string name)
    {
        var mails = Mails(subject, address => MailUser.NameOf(address) == user.Name);
        var rows = snapshot.Done(name).Count(entry => entry.Principal == user.Person.Id);
        if (mails != rows)
            yield return $"I10: {mails} mails \"{subject}\" to {user.Person.Id}, {rows} of {name} on record";
    }

    /// <summary>Checks that a caller that was promised a mail got it.</summary>
    private IEnumerable<string> AskedFor(CallKind kind, string subject) =>
        from calls in _calls[kind].GroupBy(call => call.Subject, StringComparer.Ordinal)
        let promised = calls.Count(call => call.Outcome is Outcome.Ok)
        let most = promised + calls.Count(call => call.Outcome is Outcome.Unknown)
        let mails = Mails(subject, address => address == calls.Key)
        where mails < Math.Min(promised, MostToAddress) || mails > most
        select $"I10: {mails} mails \"{subject}\" to {calls.Key}, {promised} promised and {most} asked for: {string.Join(", ", calls)}";

    private int Mails(string subject, Func<string, bool> isTo) => mailed
        .Where(mail => mail.Subject!.StartsWith(subject, StringComparison.Ordinal) && mail.To.Mailboxes.Any(mailbox => isTo(mailbox.Address)))
        .Select(mail => mail.MessageId).Distinct(StringComparer.Ordinal).Count();

    private static string TextOf(MimeMessage mail) => $"{mail.To} {mail.Subject} {mail.TextBody}";
}
