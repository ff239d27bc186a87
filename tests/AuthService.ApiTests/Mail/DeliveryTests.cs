using System.Diagnostics;
using AuthService.ApiTests.Hosting;
using AuthService.Mail;
using MimeKit;
using SmtpServer.Protocol;
using Xunit;
using static AuthService.ApiTests.Mail.MailDrafts;

namespace AuthService.ApiTests.Mail;

/// <summary>Mails in the outbox reach the mail server, and each failure is retried or given up as it should be.</summary>
public abstract class DeliveryTests(AuthHost host)
{
    [Fact]
    public async Task A_mail_goes_out_at_once_and_leaves_nothing_behind()
    {
        await using var server = MailServer.Start();
        await using var own = await host.StartAnotherAsync(server.Settings);
        using var metrics = own.RecordMetrics();
        var waited = Stopwatch.StartNew();

        Assert.True(await own.TryEnqueueAsync(Reset("ada@example.com")));
        var mail = await server.WaitForMailToAsync("ada@example.com");

        Assert.True(waited.Elapsed < TimeSpan.FromSeconds(25), $"it waited for the next round: it took {waited.Elapsed}");
        Assert.Equal("Example", mail.From.Mailboxes.Single().Name);
        Assert.Equal("Choose a new password for localhost", mail.Subject);
        Assert.Contains(Link, mail.TextBody, StringComparison.Ordinal);
        Assert.Contains(Link, mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        await Eventually.CountsAsync(own, "outbox_mails", 0);
        await Eventually.TrueAsync(() => metrics["mail.sent{outcome=sent}"] is 1);
    }

    [Fact]
    public async Task A_recipient_that_does_not_exist_is_given_up_without_a_word_about_whom()
    {
        await using var server = MailServer.Start();
        server.OnRecipient = to => new SmtpResponse(SmtpReplyCode.MailboxUnavailable, $"5.1.1 <{to}> nobody here");
        await using var own = await host.StartAnotherAsync(server.Settings.With(AtTrace));
        using var metrics = own.RecordMetrics();

        Assert.True(await own.TryEnqueueAsync(Reset("canary-ada@example.com")));
        await Eventually.CountsAsync(own, "outbox_mails", 0);

        Assert.Empty(server.Received);
        await Eventually.TrueAsync(() => metrics["mail.sent{outcome=refused}"] is 1);
        await Eventually.LoggedAsync(own, "the server answered 550 5.1.1 to the recipient");
        ExpectNothingTold(own);
    }

    [Fact]
    public async Task What_is_not_taken_now_is_tried_again_as_the_same_message()
    {
        await using var server = MailServer.Start();
        var ids = new List<string>();
        server.OnMessage = message =>
        {
            ids.Add(message.MessageId!);
            return Task.FromResult(ids.Count < 3 ? new SmtpResponse(SmtpReplyCode.Aborted, "4.3.0 not now") : SmtpResponse.Ok);
        };
        await using var own = await host.StartAnotherAsync(server.Settings.With(AtTrace));
        using var metrics = own.RecordMetrics();

        Assert.True(await own.TryEnqueueAsync(Reset("canary-ada@example.com")));
        await Eventually.TrueAsync(() => metrics["mail.sent{outcome=put_off}"] >= 1);
        own.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => metrics["mail.sent{outcome=put_off}"] >= 2);
        own.Clock.Advance(TimeSpan.FromMinutes(1));
        await server.WaitForMailToAsync("canary-ada@example.com");

        Assert.Equal(3, ids.Count);
        await Eventually.TrueAsync(() => metrics["mail.waiting"] is 0);
        Assert.Single(ids.Distinct(StringComparer.Ordinal));
        ExpectNothingTold(own);
    }

    [Fact]
    public async Task A_mail_that_no_server_takes_for_a_day_is_given_up()
    {
        await using var server = MailServer.Start();
        server.OnRecipient = _ => new SmtpResponse(SmtpReplyCode.InsufficientStorage, "4.2.2 full");
        await using var own = await host.StartAnotherAsync(server.Settings);
        using var metrics = own.RecordMetrics();

        Assert.True(await own.TryEnqueueAsync(Reset("ada@example.com")));
        await Eventually.TrueAsync(() => metrics["mail.sent{outcome=put_off}"] >= 1);
        own.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(20));
        await Eventually.CountsAsync(own, "outbox_mails", 0);

        await Eventually.TrueAsync(() => metrics["mail.sent{outcome=expired}"] is 1);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task A_server_that_drops_the_line_after_the_message_may_get_it_again_and_can_tell()
    {
        await using var broken = new BrokenMailServer(Breakage.DropsAfterData);
        await using var own = await host.StartAnotherAsync(broken.Settings.With(AtTrace));
        using var metrics = own.RecordMetrics();

        Assert.True(await own.TryEnqueueAsync(Reset("canary-ada@example.com")));
        await Eventually.TrueAsync(() => metrics["mail.sent{outcome=put_off}"] >= 1);
        own.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => broken.Taken.Count >= 2);

        var ids = broken.Taken.Select(text => text.Split('\n').Single(line => line.StartsWith("Message-Id:", StringComparison.OrdinalIgnoreCase)));
        Assert.Single(ids.Distinct(StringComparer.Ordinal));
        ExpectNothingTold(own);
    }

    [Theory]
    [InlineData("SpeaksHttp", "no mail server")]
    [InlineData(null, "cannot be reached")]
    public async Task What_is_no_server_is_told_once_and_the_mails_wait(string? breakage, string words)
    {
        await using var broken = breakage is null ? null : new BrokenMailServer(Enum.Parse<Breakage>(breakage));
        await using var own = await host.StartAnotherAsync(broken?.Settings ?? Unreachable);
        using var metrics = own.RecordMetrics();

        Assert.True(await own.TryEnqueueAsync(Reset("ada@example.com")));
        await Eventually.TrueAsync(() => metrics["mail.sent{outcome=put_off}"] >= 1);
        Assert.True(await own.TryEnqueueAsync(Reset("eve@example.com")));
        await Eventually.TrueAsync(() => metrics["mail.sent{outcome=put_off}"] >= 2);

        await Eventually.LoggedAsync(own, "No mail can be sent");
        var told = Assert.Single(own.Log.Lines, line => line.Contains("No mail can be sent", StringComparison.Ordinal));
        Assert.Contains(words, told, StringComparison.Ordinal);
        Assert.Equal(2, await own.Database.CountAsync("outbox_mails"));
    }

    [Fact]
    public async Task Names_and_devices_cannot_write_headers_or_HTML()
    {
        await using var server = MailServer.Start();
        await using var own = await host.StartAnotherAsync(server.Settings);
        var draft = Of(MailKind.NewDevice, "ada@example.com");
        var evil = "Ada\r\nBcc: eve@example.com\r\n\r\n<a href=\"https://evil.example\">x</a>";
        var fields = draft.Fields.ToDictionary(field => field.Key, field => field.Key is MailField.Device ? evil : field.Value, StringComparer.Ordinal);

        Assert.True(await own.TryEnqueueAsync(draft with { Name = evil, Fields = fields }));
        var mail = await server.WaitForMailToAsync("ada@example.com");

        Assert.Null(mail.Headers["Bcc"]);
        Assert.Equal("ada@example.com", mail.GetRecipients().Single().Address);
        Assert.DoesNotContain(mail.TextBody!.Split('\n'), line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("<a href=\"https://evil", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_internationalized_address_is_given_up_where_the_server_takes_none()
    {
        await using var server = new BrokenMailServer(Breakage.DropsAfterData); // it announces no extensions
        await using var own = await host.StartAnotherAsync(server.Settings);

        Assert.True(await own.TryEnqueueAsync(Reset("søren@example.com")));
        await Eventually.LoggedAsync(own, "the server takes no internationalized addresses (SMTPUTF8)");

        await Eventually.CountsAsync(own, "outbox_mails", 0);
        Assert.Empty(server.Taken);
    }

    [Theory]
    [InlineData("ada@bücher.example")]
    [InlineData("O'Hara+tag@example.com")]
    [InlineData("søren@bücher.example")]
    public async Task Addresses_arrive_as_they_are(string address)
    {
        await using var server = MailServer.Start();
        await using var own = await host.StartAnotherAsync(server.Settings);

        Assert.True(await own.TryEnqueueAsync(Reset(address)));
        await server.UntilReceivedAsync(1);

        Assert.Equal(address, MailboxAddress.DecodeAddrspec(server.Received.Single().To.Mailboxes.Single().Address));
    }

    private static Settings AtTrace => new() { ["Logging:LogLevel:Default"] = "Trace" };

    /// <summary>Fails if the log contains the address, the name or the token of a mail.</summary>
    private static void ExpectNothingTold(AuthHost host) => Assert.DoesNotContain(host.Log.Lines, line =>
        new[] { "canary-ada", "Canary Lovelace", "tok_R5vLnQmWxY7Kd2" }.Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase)));

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : DeliveryTests(store.Host)
    {
        /// <summary>It lasts as long as the deadline, whatever the store is.</summary>
        [Fact]
        public async Task A_server_that_says_nothing_is_left_in_time_and_the_mail_waits()
        {
            await using var broken = new BrokenMailServer(Breakage.Silent);
            await using var own = await store.Host.StartAnotherAsync(broken.Settings);
            using var metrics = own.RecordMetrics();

            Assert.True(await own.TryEnqueueAsync(Reset("ada@example.com")));
            await Eventually.TrueAsync(() => metrics["mail.sent{outcome=put_off}"] >= 1);

            await Eventually.LoggedAsync(own, "did not answer in time");
            Assert.Equal(1, await own.Database.CountAsync("outbox_mails WHERE claimed_until IS NULL"));
        }
    }

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : DeliveryTests(store.Host);
}
