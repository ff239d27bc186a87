using System.Collections.Concurrent;
using System.Globalization;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.Webhooks;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthService.ApiTests.Webhooks;

/// <summary>Every committed event is delivered exactly once, by any instance, and events that were rolled back are not.</summary>
public abstract class WebhookOrderTests(AuthHost host, ClassHosts hosts)
{
    private const string Event = "app_tokens_expired";

    /// <summary>The most deliveries to one webhook that an instance makes at a time.</summary>
    private const int MostAtOnce = 4;

    /// <summary>
    /// The first attempts fail, so that each delivery has a second one. The clock is frozen, so that no retry begins before all of them have failed.
    /// </summary>
    [Fact]
    public async Task Two_instances_make_each_attempt_once()
    {
        const int entries = 250;
        await using var receiver = await WebhookReceiver.StartAsync();
        var attempts = FailFirst(receiver);
        await using var one = await host.StartAnotherAsync(WebhookReceiver.Settings);
        await using var other = await one.StartTwinAsync(WebhookReceiver.Settings);
        using var metrics = one.RecordMetrics();
        using var others = other.RecordMetrics();
        await one.CreateWebhookAsync(receiver.Url, Event);
        using var frozen = one.Clock.Freeze();

        await Task.WhenAll(WriteAsync(one), WriteAsync(other));
        await Eventually.CountsAsync(one, "webhook_deliveries WHERE status = 0 AND attempts = 1 AND claimed_until IS NULL", entries);
        one.Clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.CountsAsync(one, "webhook_deliveries WHERE status = 1 AND attempts = 2", entries);

        Assert.Equal(entries, attempts.Count);
        Assert.All(attempts, made => Assert.Equal(2, made.Value));
        Assert.Equal(entries, receiver.Received.Select(sent => sent.Data.GetProperty("number").GetInt64()).Distinct().Count());
        Assert.Equal(entries, await one.Database.CountAsync($"audit_events WHERE event = '{Event}'"));
        Assert.Single(receiver.Received.Select(sent => sent.Path).Distinct(StringComparer.Ordinal));
        await Eventually.TrueAsync(() => Made(metrics).Failed + Made(others).Failed is entries && Made(metrics).Delivered + Made(others).Delivered is entries);
        Assert.All([Made(metrics), Made(others)], made => Assert.NotEqual(0, made.Delivered));
        ProofTable.Add(
            "Webhooks", $"{entries} entries, two instances, {host.Database.Store}",
            $"each attempt made once, the retries by one ({Made(metrics).Delivered}) and the other ({Made(others).Delivered})");

        static async Task WriteAsync(AuthHost host)
        {
            for (var i = 0; i < entries / 2; i++)
                await host.WriteEntryAsync();
        }

        static (double Failed, double Delivered) Made(MetricRecorder by) =>
            (by["webhooks.attempts{outcome=wrong_status}"], by["webhooks.attempts{outcome=delivered}"]);
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
    public async Task A_delivery_whose_instance_was_cut_off_is_taken_up_when_its_lease_has_passed_and_not_before()
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

    /// <summary>
    /// Makes the receiver answer the first attempt of each delivery with 503. It holds the later ones until more are open than one instance makes at a
    /// time, so that both instances make some.
    /// </summary>
    /// <returns>The number of attempts of each delivery, by its id.</returns>
    private static ConcurrentDictionary<string, int> FailFirst(WebhookReceiver receiver)
    {
        var (attempts, open) = (new ConcurrentDictionary<string, int>(StringComparer.Ordinal), 0);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        receiver.OnRequest = async context =>
        {
            var attempt = attempts.AddOrUpdate($"{context.Request.Headers["webhook-id"]}", 1, (_, before) => before + 1);
            context.Response.StatusCode = attempt is 1 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status204NoContent;
            if (attempt is 1)
                return;
            if (Interlocked.Increment(ref open) > MostAtOnce)
                enough.TrySetResult();
            await enough.Task;
        };
        return attempts;
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
