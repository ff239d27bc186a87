using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;
using static AuthService.ApiTests.Webhooks.WebhookReceiver;

namespace AuthService.ApiTests.Webhooks;

/// <summary>Deliveries to receivers that fail are retried, delayed or given up as the receiver's response demands.</summary>
public abstract class WebhookFailureTests(AuthHost host, ClassHosts hosts)
{
    [Fact]
    public async Task A_receiver_that_is_down_for_an_hour_gets_everything_once_it_is_back()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.OnRequest = Answer(503);
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        var webhook = await own.CreateWebhookAsync(receiver.Url, "app_tokens_expired");
        using var frozen = own.Clock.Freeze(); // no retry starts before the clock is advanced
        for (var i = 0; i < 20; i++)
            await own.WriteEntryAsync();

        foreach (var (attempt, pause) in new[] { 5.0, 300, 1_800, 7_200 }.Index())
        {
            await Eventually.TrueAsync(async () => await WaitingAfterAsync(own, attempt + 1) is 20, () => $"attempt {attempt + 1}");
            var ahead = (await own.DeliveriesAsync(webhook)).Select(one => one.GetProperty("nextAttemptAt").GetDateTimeOffset() - own.Clock.GetUtcNow());
            Assert.All(ahead, next => Assert.InRange(next.TotalSeconds, (pause * 0.8) - 0.001, (pause * 1.2) + 0.001)); // the store rounds to microseconds
            if (attempt is 3)
            {
                own.Clock.Advance(TimeSpan.FromMinutes(20)); // together with the earlier pauses this is an hour
                receiver.OnRequest = Answer(204);
            }

            own.Clock.Advance(TimeSpan.FromSeconds(pause * 1.2));
        }

        await Eventually.CountsAsync(own, "webhook_deliveries WHERE status = 1", 20);
        Assert.All(receiver.Received.GroupBy(sent => sent.Id, StringComparer.Ordinal), attempts =>
        {
            Assert.Equal(5, attempts.Count());
            Assert.Single(attempts.Select(attempt => attempt.Body).Distinct(StringComparer.Ordinal));
            Assert.True(attempts.Select(attempt => $"{attempt.Headers["webhook-timestamp"]}").Distinct(StringComparer.Ordinal).Count() > 3);
        });
        Assert.Equal(20, receiver.Received.Select(sent => sent.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(JsonValueKind.Null, (await own.ShowAsync(webhook)).GetProperty("failingSince").ValueKind);
        ProofTable.Add("Webhooks", $"a receiver down for an hour, {host.Database.Store}", "20 of 20 delivered at the fifth attempt");
    }

    [Fact]
    public async Task After_three_days_a_delivery_is_given_up_and_can_be_asked_for_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.OnRequest = Answer(500);
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        var webhook = await own.CreateWebhookAsync(receiver.Url, "session_revoked");
        var id = await own.PingAsync(webhook);
        await own.DeliveryAsync(webhook, attempts: 1);

        own.Clock.Advance(TimeSpan.FromHours(70));
        await own.DeliveryAsync(webhook, attempts: 2);
        own.Clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal("FAILED", (await own.DeliveryAsync(webhook, attempts: 3)).Text("status"));

        receiver.OnRequest = Answer(200);
        await own.PostAsync($"{webhook.Path}/deliveries/{id}/redeliver", await own.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.Accepted);
        Assert.Equal("DELIVERED", (await own.DeliveryAsync(webhook, attempts: 4)).Text("status"));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_left_alone_and_the_administrators_are_told()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.OnRequest = Answer(410);
        await using var mails = MailServer.Start();
        await using var own = await host.StartAnotherAsync(mails.Settings.With(WebhookReceiver.Settings));
        await own.CreateAsync(new { id = NewName("admin"), role = "ADMIN", email = "ada@example.com" });
        await own.CreateAsync(new { id = NewName("person"), email = "eve@example.com" });
        var webhook = await own.CreateWebhookAsync(receiver.Url, "session_revoked");

        await own.PingAsync(webhook);
        var delivery = await own.DeliveryAsync(webhook, attempts: 1);
        var mail = await mails.WaitForMailToAsync("ada@example.com");

        Assert.Equal("FAILED", delivery.Text("status"));
        Assert.Equal(["gone"], WebhookCalls.OutcomesOf(delivery));
        var shown = await own.ShowAsync(webhook);
        Assert.Equal((false, "GONE"), (shown.GetProperty("enabled").GetBoolean(), shown.Text("disabledReason")));
        Assert.Contains("127.0.0.1", mail.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("/hook", mail.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain(mails.Received, sent => $"{sent.To}".Contains("eve@", StringComparison.Ordinal));
        var row = Assert.Single(await own.AuditAsync(await own.NewAdminTokenAsync(), "?event=webhook_disabled"));
        Assert.Equal(("service", $"{webhook.Id} (127.0.0.1): its receiver answered 410"), (row.Text("actorKind"), row.Text("detail")));
    }

    [Fact]
    public async Task Five_days_of_nothing_but_failure_disable_a_webhook()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.OnRequest = Answer(500);
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        var webhook = await own.CreateWebhookAsync(receiver.Url, "session_revoked");
        await own.PingAsync(webhook);
        await own.DeliveryAsync(webhook, attempts: 1);
        own.Clock.Advance(TimeSpan.FromDays(4));
        await own.DeliveryAsync(webhook, attempts: 2);
        Assert.True((await own.ShowAsync(webhook)).GetProperty("enabled").GetBoolean());

        own.Clock.Advance(TimeSpan.FromDays(1.1));
        await own.PingAsync(webhook);

        await Eventually.TrueAsync(async () => !(await own.ShowAsync(webhook)).GetProperty("enabled").GetBoolean());
        Assert.Equal("FAILING", (await own.ShowAsync(webhook)).Text("disabledReason"));
        var rows = await own.AuditAsync(await own.NewAdminTokenAsync(), "?event=webhook_disabled");
        Assert.Single(rows, row => row.Text("detail").StartsWith($"{webhook.Id} (", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("3600", 3_600, 3_610)]
    [InlineData("1", 3, 7)]
    [InlineData("864000", 86_400, 86_400)]
    [InlineData("soon", 3, 7)]
    public async Task Retry_After_is_heeded_within_a_day(string value, double least, double most)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.OnRequest = Answer(429, ("Retry-After", value));
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        var webhook = await own.CreateWebhookAsync(receiver.Url, "session_revoked");
        using var frozen = own.Clock.Freeze();

        await own.PingAsync(webhook);
        var delivery = await own.DeliveryAsync(webhook, attempts: 1);

        var pause = (delivery.GetProperty("nextAttemptAt").GetDateTimeOffset() - own.Clock.GetUtcNow()).TotalSeconds;
        Assert.InRange(pause, least - 0.001, most + 0.001); // the store rounds to microseconds
    }

    private static Task<long> WaitingAfterAsync(AuthHost own, int attempts) =>
        own.Database.CountAsync($"webhook_deliveries WHERE status = 0 AND attempts = {attempts} AND claimed_until IS NULL");

    [Collection("sqlite 2")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : WebhookFailureTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres 2")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : WebhookFailureTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
