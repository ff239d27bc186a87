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

    [Fact]
    public void One_mail_for_each_that_was_promised_is_not_blamed()
    {
        Note(CallKind.AskForAddress, 202);
        Note(CallKind.AskForAddress, null);

        Assert.Empty(Find([Asked], [MailOf("one")]));
        Assert.Empty(Find([Asked, Asked], [MailOf("one"), MailOf("other")]));
    }

    [Fact]
    public void A_mail_that_comes_again_is_found_unless_its_sender_may_have_died()
    {
        Note(CallKind.AskForAddress, 202);

        ExpectFound([Asked], [MailOf("one"), MailOf("one")]);
        Assert.Empty(Find([Asked], [MailOf("one"), MailOf("one")], mayRepeat: true));
        Assert.NotEmpty(Find([Asked], [MailOf("one"), MailOf("one", "another text")], mayRepeat: true));
    }

    [Fact]
    public void A_mail_that_was_promised_and_did_not_come_is_found()
    {
        Note(CallKind.AskForAddress, 202);

        ExpectFound([], []);
        ExpectFound([Asked], []);
    }

    [Fact]
    public void A_mail_of_what_was_not_committed_is_found()
    {
        Note(CallKind.AskForAddress, null);
        ExpectFound([], [MailOf("one")]);

        ExpectFound([Asked, Asked], [MailOf("one"), MailOf("other")]);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _recorder.Dispose();
        await _server.DisposeAsync();
    }

    private static MimeMessage MailOf(string id, string text = "https://auth.example.com/#token=t")
    {
        var body = new TextPart("plain") { Text = text };
        return new MimeMessage([], [new MailboxAddress("", Address)], $"{Mailbox.Confirm} your address", body) { MessageId = $"{id}@example.com" };
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
