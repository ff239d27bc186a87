using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Recovery;
using MimeKit;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>The checker of mails is tested.</summary>
public sealed class MailCheckerTests : IAsyncLifetime
{
    private const string Address = "ada.1@example.com";

    private static readonly Entry Asked = new("email_change_requested", IsRefusal: false, "ada", SessionId: null, Detail: null) { Principal = "ada" };

    private readonly MailServer _server = MailServer.Start();
    private readonly Recorder _recorder = new();

    private static MimeMessage Notice => NoticeOf("notice", Mailbox.NewAddress);

    [Fact]
    public void One_mail_for_each_that_was_promised_is_not_blamed()
    {
        Note(CallKind.RequestAddress, 202);
        Note(CallKind.RequestAddress, null);

        Assert.Empty(Find([Asked], [MailOf("one"), Notice]));
        Assert.Empty(Find([Asked, Asked], [MailOf("one"), Notice, MailOf("other"), NoticeOf("another notice", Mailbox.NewAddress)]));
    }

    [Fact]
    public void A_mail_that_comes_again_is_found_unless_its_sender_may_have_died()
    {
        Note(CallKind.RequestAddress, 202);

        ExpectFound([Asked], [MailOf("one"), MailOf("one"), Notice]);
        Assert.Empty(Find([Asked], [MailOf("one"), MailOf("one"), Notice, Notice], mayRepeat: true));
        Assert.NotEmpty(Find([Asked], [MailOf("one"), MailOf("one", "another text"), Notice], mayRepeat: true));
    }

    [Fact]
    public void A_mail_that_was_promised_and_did_not_come_is_found()
    {
        Note(CallKind.RequestAddress, 202);

        ExpectFound([], []);
        ExpectFound([Asked], [Notice]);
    }

    [Fact]
    public void A_mail_of_what_was_not_committed_is_found()
    {
        Note(CallKind.RequestAddress, null);
        ExpectFound([], [MailOf("one")]);

        ExpectFound([Asked, Asked], [MailOf("one"), Notice, MailOf("other"), NoticeOf("another notice", Mailbox.NewAddress)]);
    }

    [Fact]
    public void A_notice_of_a_new_address_that_is_lost_or_written_twice_is_found()
    {
        Note(CallKind.RequestAddress, 202);

        ExpectFound([Asked], [MailOf("one")]);
        ExpectFound([Asked], [MailOf("one"), Notice, NoticeOf("another notice", Mailbox.NewAddress)]);
    }

    [Theory]
    [InlineData("password_set", Mailbox.NewPassword)]
    [InlineData("passkey_added", Mailbox.NewFactor)]
    [InlineData("passkey_removed", Mailbox.FactorRemoved)]
    public void A_notice_that_is_lost_written_twice_or_of_nothing_is_found(string name, string subject)
    {
        var done = Asked with { Event = name };

        Assert.Empty(Find([done], [NoticeOf("one", subject)]));
        ExpectFound([done], []);
        ExpectFound([done], [NoticeOf("one", subject), NoticeOf("other", subject)]);
        ExpectFound([], [NoticeOf("one", subject)]);
        ExpectFound([done with { IsRefusal = true }], [NoticeOf("one", subject)]);
    }

    [Fact]
    public void A_notice_may_lack_only_where_its_address_had_three()
    {
        Entry[] four = [.. Enumerable.Repeat(Asked with { Event = "password_set" }, 4)];
        var three = Enumerable.Range(0, 3).Select(i => NoticeOf($"{i}", Mailbox.NewPassword)).ToArray();

        Assert.Empty(Find(four, three));
        ExpectFound(four, [.. three[..2], NoticeOf("another", Mailbox.NewPassword, "ada.2@example.com")]);
    }

    [Fact]
    public void A_passkey_that_was_removed_because_it_was_not_theirs_has_no_notice() =>
        Assert.Empty(Find([Asked with { Event = "passkey_removed", Actor = null }], []));

    [Fact]
    public void A_mail_about_what_nobody_did_is_found() => ExpectFound([], [NoticeOf("one", Mailbox.NewDevice)]);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _recorder.Dispose();
        await _server.DisposeAsync();
    }

    private static MimeMessage MailOf(string id, string text = "https://auth.example.com/#token=t") => MailOf(id, Mailbox.Confirm, Address, text);

    private static MimeMessage NoticeOf(string id, string subject, string address = Address) => MailOf(id, subject, address, "Hello");

    private static MimeMessage MailOf(string id, string subject, string address, string text)
    {
        var body = new TextPart("plain") { Text = text };
        return new MimeMessage([], [new MailboxAddress("", address)], $"{subject} for you", body) { MessageId = $"{id}@example.com" };
    }

    private void Note(CallKind kind, int? status) =>
        _recorder.Note(new Call(kind, Address, TimeSpan.Zero, TimeSpan.Zero, status, "", SaysWhenToRetry: true));

    private IReadOnlyList<string> Find(Entry[] entries, MimeMessage[] mails, bool mayRepeat = false)
    {
        var users = new LoadUsers([], new Person("limited", "", ""), new Service("_service", ""))
        {
            WithMail = [new MailUser(new Person("ada", "", ""), Address, new Mailbox(_server))],
        };
        var snapshot = new DatabaseSnapshot(entries, new HashSet<string>(StringComparer.Ordinal), [], Claims: 0, Enabled: 0);
        return [.. new MailChecker(_recorder, users, snapshot, mails).FindViolations(mayRepeat)];
    }

    private void ExpectFound(Entry[] entries, MimeMessage[] mails) =>
        Assert.Contains(Find(entries, mails), violation => violation.StartsWith("I10", StringComparison.Ordinal));
}
