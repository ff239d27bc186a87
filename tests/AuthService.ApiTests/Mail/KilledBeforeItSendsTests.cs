using AuthService.ApiTests.Hosting;
using AuthService.Mail;
using Xunit;
using static AuthService.ApiTests.Mail.MailDrafts;

namespace AuthService.ApiTests.Mail;

/// <summary>A mail is sent once even if its instance is killed (SIGKILL) after the commit and before a server accepted the mail.</summary>
public abstract class KilledBeforeItSendsTests(Store store) : IAsyncLifetime
{
    private readonly ServiceFolder _folder = new();
    private readonly Settings _settings = ServiceFolder.ForProduction();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync(store);

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_mail_is_sent_once_by_another()
    {
        await using (var writer = await AuthHost.StartOnAsync(_database, _settings.With(Unreachable)))
            Assert.True(await writer.TryEnqueueAsync(Reset("ada@example.com")));
        await _database.ExecuteAsync("UPDATE outbox_mails SET next_attempt_at = 1");
        await using var broken = new BrokenMailServer(Breakage.Silent);
        await using (var victim = _folder.Start(_settings.With(_database.Settings).With(broken.Settings)))
        {
            await Eventually.TrueAsync(() => broken.Connections > 0);
            await victim.SignalAsync("KILL");
            await victim.WaitForExitAsync(TimeSpan.FromSeconds(60));
        }

        Assert.Equal(1, await _database.CountAsync("outbox_mails WHERE claimed_until IS NOT NULL"));
        await using var server = MailServer.Start();
        var later = new TestClock();
        later.Advance(TimeSpan.FromMinutes(4)); // the lease has passed when the survivor looks for the first time, and not half a minute later
        await using var survivor = await AuthHost.StartOnAsync(_database, _settings.With(server.Settings), later);

        await server.WaitForMailToAsync("ada@example.com");
        await Eventually.CountsAsync(survivor, "outbox_mails", 0);
        survivor.Clock.Advance(TimeSpan.FromHours(1)); // longer than a lease and any pause between two attempts
        await survivor.CallAsync<MailSender, bool>(sender => sender.SendDueAsync(CancellationToken.None));
        Assert.Single(server.Received);
        ProofTable.Add("Mail", $"SIGKILL between commit and sending, {store}", "sent once by another instance");
    }

    public sealed class OnSqlite() : KilledBeforeItSendsTests(Store.Sqlite);

    public sealed class OnPostgres() : KilledBeforeItSendsTests(Store.Postgres);
}
