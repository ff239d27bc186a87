using System.Globalization;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.Webhooks;
using Xunit;

namespace AuthService.ApiTests.Webhooks;

/// <summary>Every committed event is delivered exactly once, by any instance, and events that were rolled back are not.</summary>
public abstract class WebhookOrderTests(AuthHost host, ClassHosts hosts)
{
    private const string Event = "app_tokens_expired";

    [Fact]
    public async Task Two_instances_make_each_attempt_once()
    {
        const int entries = 500;
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var one = await host.StartAnotherAsync(WebhookReceiver.Settings);
        await using var other = await one.StartTwinAsync(WebhookReceiver.Settings);
        var webhook = await one.CreateWebhookAsync(receiver.Url, Event);

        await Task.WhenAll(WriteAsync(one), WriteAsync(other));
        await receiver.UntilAsync(entries);
        await Eventually.CountsAsync(one, "webhook_deliveries WHERE status = 1 AND attempts = 1", entries);

        Assert.Equal(entries, receiver.Received.Count);
        Assert.Equal(entries, receiver.Received.Select(sent => sent.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(entries, receiver.Received.Select(sent => sent.Data.GetProperty("number").GetInt64()).Distinct().Count());
        Assert.Equal(entries, await one.Database.CountAsync($"audit_events WHERE event = '{Event}'"));
        Assert.Single(receiver.Received.Select(sent => sent.Path).Distinct(StringComparer.Ordinal));
        Assert.NotNull(webhook.Id);
        ProofTable.Add("Webhooks", $"{entries} entries, two instances, {host.Database.Store}", "each attempt made once");

        static async Task WriteAsync(AuthHost host)
        {
            for (var i = 0; i < entries / 2; i++)
                await host.WriteEntryAsync();
        }
    }

    [Fact]
    public async Task A_webhook_is_noticed_whose_own_instance_is_gone()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var other = await host.StartAnotherAsync(WebhookReceiver.Settings);
        await using (var one = await other.StartTwinAsync(WebhookReceiver.Settings))
            await one.CreateWebhookAsync(receiver.Url, Event);

        await other.WriteEntryAsync();

        await receiver.UntilAsync(1);
    }

    [Fact]
    public async Task What_is_committed_late_is_delivered_too_and_holds_up_what_came_after_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var own = await host.StartAnotherAsync(WebhookReceiver.Settings);
        using var metrics = own.RecordMetrics();
        await own.CreateWebhookAsync(receiver.Url, Event);

        await using (var late = await own.Database.BeginAsync(Insert(own)))
        {
            if (own.Database.IsPostgres)
            {
                await own.WriteEntryAsync(); // has a higher number, but is committed earlier
                await Eventually.TrueAsync(() => metrics["webhooks.lag"] > 1);
                Assert.Empty(receiver.Received);
            }

            await late.Transaction.CommitAsync();
        }

        await own.WriteEntryAsync();
        await receiver.UntilAsync(own.Database.IsPostgres ? 3 : 2);
        var numbers = receiver.Received.Select(sent => sent.Data.GetProperty("number").GetInt64()).ToList();
        Assert.Equal(await own.Database.CountAsync($"audit_events WHERE event = '{Event}'"), numbers.Distinct().Count());
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
    }

    [Fact]
    public async Task What_is_taken_back_is_never_delivered()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        await own.CreateWebhookAsync(receiver.Url, Event);

        await using (await own.Database.BeginAsync(Insert(own)))
            await Task.Delay(TimeSpan.FromSeconds(1));
        await own.WriteEntryAsync();
        await receiver.UntilAsync(1);
        await own.WriteEntryAsync();
        await receiver.UntilAsync(2);

        Assert.Equal(2, receiver.Received.Count);
        Assert.Equal(2, await own.Database.CountAsync("webhook_deliveries"));
    }

    [Fact]
    public async Task A_delivery_whose_instance_was_cut_off_is_taken_up_when_its_claim_has_passed_and_not_before()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        var webhook = await own.CreateWebhookAsync(receiver.Url, "session_revoked");
        using var frozen = own.Clock.Freeze();
        var ahead = UnixMicrosecondsOf(own.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        await own.Database.ExecuteAsync($"UPDATE webhooks SET enabled = {False(own)}");
        await own.Database.ExecuteAsync(
            $"""
            INSERT INTO webhook_deliveries
                   (webhook_id, id, event, payload, created_at, status, attempts, attempts_before, next_attempt_at, claimed_until, give_up_at, forget_at, log)
            SELECT id, 'evt_cut', 'ping', '{@"{""type"":""ping""}"}', 0, 0, 1, 0, 0, {ahead}, {long.MaxValue / 4}, {long.MaxValue / 4}, '[]' FROM webhooks
            """);
        await own.Database.ExecuteAsync($"UPDATE webhooks SET enabled = {True(own)}");

        await own.CallAsync<WebhookSender, bool>(async sender =>
        {
            await sender.SendDueAsync(Guid.Parse(webhook.Id), CancellationToken.None);
            return true;
        });
        Assert.Empty(receiver.Received);
        own.Clock.Advance(TimeSpan.FromMinutes(2));

        await receiver.UntilAsync(1);
        await Eventually.CountsAsync(own, "webhook_deliveries WHERE status = 1 AND attempts = 2", 1);
    }

    [Fact]
    public async Task A_restart_goes_on_where_the_reader_was()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var database = await TestDatabase.CreateMigratedAsync(host.Database.Store);
        var settings = WebhookReceiver.Settings.With(EncryptionKey.SettingsOf(new EncryptionKey("key")));
        await using (var before = await AuthHost.StartOnAsync(database, settings))
        {
            await before.CreateWebhookAsync(receiver.Url, Event);
            await before.WriteEntryAsync();
            await receiver.UntilAsync(1);
        }

        await using (var open = await database.BeginAsync(Insert(host)))
            await open.Transaction.CommitAsync();
        await using var after = await AuthHost.StartOnAsync(database, settings);
        await receiver.UntilAsync(2);
        await Eventually.CountsAsync(after, "webhook_deliveries WHERE status = 1", 2);

        Assert.Equal(2, receiver.Received.Select(sent => sent.Id).Distinct(StringComparer.Ordinal).Count());
    }

    private static string Insert(AuthHost host) => string.Create(
        CultureInfo.InvariantCulture,
        $"INSERT INTO audit_events (at, event, outcome, actor_kind) VALUES ({UnixMicrosecondsOf(host.Clock.GetUtcNow())}, '{Event}', 0, 1)");

    private static long UnixMicrosecondsOf(DateTimeOffset moment) => AuthService.Storage.UnixMicroseconds.From(moment);

    private static string True(AuthHost host) => host.Database.IsPostgres ? "true" : "1";

    private static string False(AuthHost host) => host.Database.IsPostgres ? "false" : "0";

    [Collection("sqlite 2")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : WebhookOrderTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres 2")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : WebhookOrderTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
