using AuthService.ApiTests.Hosting;
using AuthService.Mail;
using SmtpServer.Protocol;
using Xunit;
using static AuthService.ApiTests.Mail.MailDrafts;

namespace AuthService.ApiTests.Mail;

/// <summary>One instance at a time sends a mail. If that instance stops in the middle, another one sends it.</summary>
public abstract class MailLeaseTests(AuthHost host)
{
    [Fact]
    public async Task Two_instances_send_each_of_many_mails_once()
    {
        var mails = host.Database.IsPostgres ? Effort.Of(usual: 300, @long: 1_000) : 200;
        await using var server = MailServer.Start();
        await using var one = await host.StartAnotherAsync(server.Settings);
        await using var other = await one.StartTwinAsync(server.Settings);

        await Task.WhenAll(WriteAsync(one, "one", mails / 2), WriteAsync(other, "other", mails / 2));
        for (var received = 100; received <= mails; received += 100) // waits in steps, because a busy machine needs long for all mails
            await server.UntilReceivedAsync(received);
        await Eventually.CountsAsync(one, "outbox_mails", 0);

        Assert.Equal(mails, server.Received.Count);
        Assert.Equal(mails, server.Received.Select(mail => mail.MessageId).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(mails, server.Received.Select(mail => mail.To.ToString()).Distinct(StringComparer.Ordinal).Count());
        ProofTable.Add("Mail", $"{mails} mails, two instances, {host.Database.Store}", "each sent once");

        static async Task WriteAsync(AuthHost host, string name, int mails)
        {
            for (var i = 0; i < mails; i++)
                Assert.True(await host.TryEnqueueAsync(Reset($"{name}{i}@example.com")));
        }
    }

    [Fact]
    public async Task A_mail_whose_sender_was_cut_off_is_taken_up_when_its_lease_has_passed_and_not_before()
    {
        await using var server = MailServer.Start();
        var released = new TaskCompletionSource();
        server.OnMessage = async _ =>
        {
            await released.Task;
            return SmtpResponse.Ok;
        };
        await using var own = await host.StartAnotherAsync(server.Settings);
        Assert.True(await own.TryEnqueueAsync(Reset("ada@example.com")));
        await Eventually.CountsAsync(own, "outbox_mails WHERE claimed_until IS NOT NULL", 1);

        await using var twin = await own.StartTwinAsync(server.Settings);
        await twin.CallAsync<MailSender, bool>(sender => sender.SendDueAsync(CancellationToken.None));
        Assert.Equal(1, await own.Database.CountAsync("outbox_mails WHERE attempts = 1"));
        own.Clock.Advance(TimeSpan.FromMinutes(4));
        var taken = twin.CallAsync<MailSender, bool>(sender => sender.SendDueAsync(CancellationToken.None));
        await Eventually.CountsAsync(own, "outbox_mails WHERE attempts = 2", 1);
        released.SetResult();
        await taken;

        await Eventually.CountsAsync(own, "outbox_mails", 0);
        Assert.Single(server.Received.Select(mail => mail.MessageId).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_mail_whose_lease_has_run_out_is_not_sent_before_it_is_leased_again()
    {
        await using var server = MailServer.Start();
        await using var own = await host.StartAnotherAsync(server.Settings.With(new() { ["Logging:LogLevel:AuthService.Mail"] = "Information" }));
        var (pauses, attempts) = (0, 0L);
        server.OnConnection = () =>
        {
            if (Interlocked.Increment(ref pauses) is 1)
                own.Clock.Advance(TimeSpan.FromMinutes(4)); // as if the process had been paused
        };
        server.OnMessage = async _ =>
        {
            attempts = await own.Database.CountAsync("outbox_mails WHERE attempts = 2");
            return SmtpResponse.Ok;
        };

        Assert.True(await own.TryEnqueueAsync(Reset("ada@example.com")));
        await Eventually.LoggedAsync(own, "its lease ran out");
        own.Clock.Advance(TimeSpan.FromMinutes(1));
        await server.WaitForMailToAsync("ada@example.com");

        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task A_stop_finishes_the_mail_that_is_on_its_way()
    {
        await using var server = MailServer.Start();
        var (begun, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.OnMessage = async _ =>
        {
            begun.TrySetResult();
            await released.Task;
            return SmtpResponse.Ok;
        };
        await using var database = await TestDatabase.CreateAsync(host.Database.Store);
        var own = await AuthHost.StartOnAsync(database, server.Settings);
        Assert.True(await own.TryEnqueueAsync(Reset("ada@example.com")));
        Assert.True(await own.TryEnqueueAsync(Reset("eve@example.com")));
        await begun.Task;

        var stopped = own.DisposeAsync();
        await Task.Delay(TimeSpan.FromSeconds(5)); // long enough to notice the stop
        released.SetResult();
        await stopped;

        Assert.Equal("ada@example.com", Assert.Single(server.Received).To.ToString());
        Assert.Equal(1, await database.CountAsync("outbox_mails WHERE claimed_until IS NULL AND attempts = 0"));
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : MailLeaseTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : MailLeaseTests(store.Host);
}
