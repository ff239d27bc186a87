using AuthService.ApiTests.Hosting;
using AuthService.Mail;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AuthService.ApiTests.Mail.MailDrafts;

namespace AuthService.ApiTests.Mail;

/// <summary>The outbox accepts, limits and encrypts mails. In these tests nothing is sent.</summary>
public abstract class OutboxTests(AuthHost host, ClassHosts hosts)
{
    [Fact]
    public async Task An_address_gets_three_mails_of_a_kind_within_any_hour_however_it_is_spelled()
    {
        var own = await hosts.AnotherAsync(Unreachable);
        using var frozen = own.Clock.Freeze();
        string[] spellings = ["ada@example.com", "Ada@Example.com", "ADA@EXAMPLE.COM"];
        var before = await own.Database.CountAsync("outbox_mails");

        foreach (var spelling in spellings)
        {
            Assert.True(await own.TryEnqueueAsync(Reset(spelling)));
            own.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.False(await own.TryEnqueueAsync(Reset("ada@example.com")));
        Assert.True(await own.TryEnqueueAsync(Reset("eve@example.com")));
        Assert.True(await own.TryEnqueueAsync(Reset("ada@example.com") with { Kind = MailKind.PasswordChanged, Fields = None }));
        own.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.False(await own.TryEnqueueAsync(Reset("ada@example.com")));
        own.Clock.Advance(TimeSpan.FromMinutes(1)); // one hour after the first mail
        Assert.True(await own.TryEnqueueAsync(Reset("ada@example.com")));
        Assert.False(await own.TryEnqueueAsync(Reset("ada@example.com")));
        own.Clock.Advance(TimeSpan.FromMinutes(10)); // one hour after the second mail
        Assert.True(await own.TryEnqueueAsync(Reset("ada@example.com")));
        Assert.Equal(before + 7, await own.Database.CountAsync("outbox_mails"));
    }

    [Fact]
    public async Task Of_mails_at_the_same_moment_on_two_instances_three_are_written()
    {
        await using var own = await host.StartAnotherAsync(Unreachable);
        await using var twin = await own.StartTwinAsync(Unreachable);

        var written = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => (i % 2 is 0 ? own : twin).TryEnqueueAsync(Reset("ada@example.com"))));

        Assert.Equal(3, written.Count(isWritten => isWritten));
        Assert.Equal(3, await own.Database.CountAsync("outbox_mails"));
    }

    [Fact]
    public async Task A_mail_goes_back_with_the_transaction_that_it_is_in()
    {
        var own = await hosts.AnotherAsync(Unreachable);
        var before = (await own.Database.CountAsync("outbox_mails"), await own.Database.CountAsync("mail_budgets"));

        for (var i = 0; i < 5; i++)
        {
            var written = await own.CallAsync<IServiceProvider, bool>(services => services.GetRequiredService<AuthService.Storage.Store>().InTransactionAsync(
                () => services.GetRequiredService<MailOutbox>().TryEnqueueAsync(Reset("grace@example.com")), isKept: _ => false));
            Assert.True(written);
        }

        Assert.Equal(before, (await own.Database.CountAsync("outbox_mails"), await own.Database.CountAsync("mail_budgets")));
    }

    [Fact]
    public async Task Whom_it_is_to_and_what_it_says_stands_nowhere_in_the_clear()
    {
        var own = await hosts.AnotherAsync(Unreachable);

        Assert.True(await own.TryEnqueueAsync(Reset("canary-ada@example.com")));

        await StoreContents.ExpectNoneOfAsync(own.Database, ["canary-ada@example.com", "Canary Lovelace", MailDrafts.Link], butDoesHold: "password-reset");
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("ada@example.com\r\nBcc: eve@example.com")]
    [InlineData("ada@example.com, eve@example.com")]
    public async Task An_address_that_nobody_can_be_reached_at_gets_none(string address)
    {
        var own = await hosts.AnotherAsync(Unreachable);
        var before = await own.Database.CountAsync("outbox_mails");

        Assert.False(await own.TryEnqueueAsync(Reset(address)));

        Assert.Equal(before, await own.Database.CountAsync("outbox_mails"));
    }

    [Fact]
    public async Task What_was_tried_for_a_day_is_cleaned_up_and_budgets_with_it()
    {
        await using var own = await host.StartAnotherAsync(Unreachable.With(new() { ["CleanUp:Interval"] = "00:00:00.200" }));
        Assert.True(await own.TryEnqueueAsync(Reset("ada@example.com")));

        own.Clock.Advance(TimeSpan.FromHours(1));
        await Eventually.CountsAsync(own, "mail_budgets", 0);
        Assert.Equal(1, await own.Database.CountAsync("outbox_mails"));
        own.Clock.Advance(TimeSpan.FromHours(23));

        await Eventually.CountsAsync(own, "outbox_mails", 0);
    }

    [Fact]
    public async Task Fields_that_the_kind_lacks_or_does_not_have_are_a_fault_of_the_caller()
    {
        var own = await hosts.AnotherAsync(Unreachable);
        var strange = new Dictionary<string, string?>(StringComparer.Ordinal) { [MailField.Factor] = "something else" };
        MailDraft[] faulty =
        [
            Reset("ada@example.com") with { Fields = None },
            Reset("ada@example.com") with { Kind = MailKind.PasswordChanged, Fields = strange },
            Reset("ada@example.com") with { Kind = MailKind.FactorAdded, Fields = strange },
        ];

        foreach (var draft in faulty)
            await Assert.ThrowsAsync<ArgumentException>(() => own.TryEnqueueAsync(draft));
    }

    [Fact]
    public async Task Without_a_server_or_an_encryption_key_there_is_no_mail()
    {
        var production = new Settings { ["environment"] = "Production", ["Mail:Smtp:Host"] = null };
        var keyless = new Settings { ["environment"] = "Production", ["Encryption:Keys:0:KeyId"] = null, ["Encryption:Keys:0:Key"] = null };
        await using var serverless = await host.StartAnotherAsync(Unreachable.With(production));
        await using var withoutKey = await host.StartAnotherAsync(Unreachable.With(keyless));

        foreach (var own in new[] { serverless, withoutKey })
        {
            Assert.False(await own.CallAsync<MailOutbox, bool>(outbox => Task.FromResult(outbox.IsConfigured)));
            Assert.False(await own.TryEnqueueAsync(Reset("ada@example.com")));
            Assert.Contains(own.Log.Lines, line => line.Contains("what needs ", StringComparison.Ordinal));
        }
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : OutboxTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres 2")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : OutboxTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
