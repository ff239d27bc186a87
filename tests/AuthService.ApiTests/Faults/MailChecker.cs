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

    /// <summary>
    /// The mails and the audit events that they belong to. A notice beyond the limit of its address is left out; what is asked for by mail is then refused.
    /// </summary>
    private static readonly (string Subject, string Event, bool IsNotice)[] Kinds =
    [
        (Mailbox.Confirm, "email_change_requested", false), (Mailbox.Reset, "password_reset_mailed", false),
        (Mailbox.NewAddress, "email_change_requested", true), (Mailbox.NewPassword, "password_set", true),
        (Mailbox.NewFactor, "passkey_added", true), (Mailbox.FactorRemoved, "passkey_removed", true),
    ];

    private readonly ILookup<CallKind, Call> _calls = recorder.Calls.ToLookup(call => call.CallKind);

    /// <summary>The number of mails that arrived again with the same Message-ID, because their sender could not continue.</summary>
    public int Repeated => mailed.Count - mailed.Select(mail => mail.MessageId).Distinct(StringComparer.Ordinal).Count();

    /// <param name="mayRepeat">
    /// Whether an instance may have died, or lost its database for longer than a lease lasts, after it sent a mail and before it marked the mail as
    /// sent.
    /// </param>
    public IEnumerable<string> FindViolations(bool mayRepeat) =>
    [
        .. mayRepeat ? [] : Repeats().Select(mails => $"I10: \"{mails.First().Subject}\" to {mails.First().To} came {mails.Count()} times"),
        .. Repeats().Where(mails => mails.Select(TextOf).Distinct(StringComparer.Ordinal).Count() > 1).Select(mails => $"I10: {mails.Key} came in two forms"),
        .. users.WithMail.SelectMany(user => Kinds.SelectMany(kind => OnRecord(user, kind.Subject, kind.Event, kind.IsNotice))),
        .. users.WithMail.SelectMany(Unexplained),
        .. Requested(CallKind.RequestAddress, Mailbox.Confirm),
        .. Requested(CallKind.RequestReset, Mailbox.Reset),
    ];

    private IEnumerable<IGrouping<string?, MimeMessage>> Repeats() =>
        mailed.GroupBy(mail => mail.MessageId, StringComparer.Ordinal).Where(mails => mails.Count() > 1);

    /// <summary>Checks that there is one mail for each audit entry, because both are written in the same transaction.</summary>
    private IEnumerable<string> OnRecord(MailUser user, string subject, string name, bool isNotice)
    {
        var mails = MailsTo(user).Where(mail => IsAbout(mail, subject)).GroupBy(AddressOf, StringComparer.Ordinal).Select(CountOnce).ToList();
        var rows = snapshot.Done(name).Count(entry => entry.Principal == user.Person.Id && IsTold(entry));
        var mayLack = isNotice && mails.Exists(count => count >= MostToAddress);
        if (mails.Sum() > rows || (mails.Sum() < rows && !mayLack))
            yield return $"I10: {mails.Sum()} mails \"{subject}\" to {user.Person.Id}, {rows} of {name} on record";
    }

    /// <summary>Checks that a person got no mail about anything else: nothing else happens to them.</summary>
    private IEnumerable<string> Unexplained(MailUser user) =>
        from mail in MailsTo(user)
        where !Array.Exists(Kinds, kind => IsAbout(mail, kind.Subject))
        select $"I10: a mail \"{mail.Subject}\" to {user.Person.Id}, about nothing that was done";

    /// <summary>Returns whether a mail belongs to the entry. The person gets no notice of what "It wasn't me" removes.</summary>
    private static bool IsTold(Entry entry) => entry.Event is not "passkey_removed" || entry.Actor == entry.Principal;

    /// <summary>Checks that a caller that was promised a mail got it.</summary>
    private IEnumerable<string> Requested(CallKind kind, string subject) =>
        from calls in _calls[kind].GroupBy(call => call.Subject, StringComparer.Ordinal)
        let promised = calls.Count(call => call.Outcome is Outcome.Ok)
        let most = promised + calls.Count(call => call.Outcome is Outcome.Unknown)
        let mails = Mails(subject, address => address == calls.Key)
        where mails < Math.Min(promised, MostToAddress) || mails > most
        select $"I10: {mails} mails \"{subject}\" to {calls.Key}, {promised} promised and {most} asked for: {string.Join(", ", calls)}";

    private int Mails(string subject, Func<string, bool> isTo) =>
        CountOnce(mailed.Where(mail => IsAbout(mail, subject) && isTo(AddressOf(mail))));

    private IEnumerable<MimeMessage> MailsTo(MailUser user) => mailed.Where(mail => MailUser.NameOf(AddressOf(mail)) == user.Name);

    private static string AddressOf(MimeMessage mail) => mail.To.Mailboxes.First().Address;

    private static bool IsAbout(MimeMessage mail, string subject) => mail.Subject!.StartsWith(subject, StringComparison.Ordinal);

    /// <summary>Counts mails, each once if it came again.</summary>
    private static int CountOnce(IEnumerable<MimeMessage> mails) => mails.Select(mail => mail.MessageId).Distinct(StringComparer.Ordinal).Count();

    private static string TextOf(MimeMessage mail) => $"{mail.To} {mail.Subject} {mail.TextBody}";
}
