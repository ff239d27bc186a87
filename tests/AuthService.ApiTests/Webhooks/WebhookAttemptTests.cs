using System.Diagnostics;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using Xunit;
using static AuthService.ApiTests.Webhooks.WebhookReceiver;

namespace AuthService.ApiTests.Webhooks;

/// <summary>Receivers that never respond, respond endlessly, redirect or have moved cannot harm the service.</summary>
public abstract class WebhookAttemptTests(AuthHost host, ClassHosts hosts)
{
    [Fact]
    public async Task An_endless_answer_is_not_read()
    {
        using var receiver = EndlessReceiver.Start(HttpStatusCode.OK);
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        var webhook = await own.CreateWebhookAsync(receiver.Url, "session_revoked");

        await own.PingAsync(webhook);

        Assert.Equal(["delivered"], WebhookCalls.OutcomesOf(await own.DeliveryAsync(webhook, attempts: 1)));
        Assert.InRange(await receiver.Written.WaitAsync(TimeSpan.FromSeconds(60)), 0, 64 << 20);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task Redirects_are_not_followed(int status)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.OnRequest = Answer(status, ("Location", "/elsewhere"));
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        var webhook = await own.CreateWebhookAsync(receiver.Url, "session_revoked");

        await own.PingAsync(webhook);
        var delivery = await own.DeliveryAsync(webhook, attempts: 1);

        Assert.Equal(["wrong_status"], WebhookCalls.OutcomesOf(delivery));
        Assert.Equal(status, delivery.GetProperty("attempts")[0].GetProperty("statusCode").GetInt32());
        Assert.All(receiver.Received, sent => Assert.Equal("/hook", sent.Path));
    }

    [Fact]
    public async Task What_does_not_speak_or_is_not_there_is_told_apart()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        (string Url, string Outcome)[] cases =
        [
            (receiver.Url.Replace("http:", "https:", StringComparison.Ordinal), "tls_failed"), ("http://127.0.0.1:1/", "unreachable"),
            ("https://hooks.invalid/", "unreachable"),
        ];
        foreach (var (i, (url, outcome)) in cases.Index())
        {
            var webhook = await own.CreateWebhookAsync(url, "session_revoked");
            await own.PingAsync(webhook);
            Assert.Equal([outcome], WebhookCalls.OutcomesOf(await own.DeliveryAsync(webhook, attempts: 1)));
            await Eventually.CountsAsync(own, "webhooks WHERE failing_since IS NOT NULL", i + 1); // written after the attempt
            Assert.NotEqual(JsonValueKind.Null, (await own.ShowAsync(webhook)).GetProperty("failingSince").ValueKind);
        }
    }

    /// <summary>The host name may resolve to another address than when the webhook was created.</summary>
    [Fact]
    public async Task An_address_is_checked_again_at_each_delivery()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var database = await TestDatabase.CreateMigratedAsync(host.Database.Store);
        var keys = EncryptionKey.SettingsOf(new EncryptionKey("key"));
        var url = receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        MadeWebhook webhook;
        var both = WebhookReceiver.Settings.With(new() { ["Webhooks:AllowedNetworks:1"] = "::1/128" });
        await using (var before = await AuthHost.StartOnAsync(database, both.With(keys)))
        {
            webhook = await before.CreateWebhookAsync(url, "session_revoked");
            await before.PingAsync(webhook);
            await receiver.UntilAsync(1);
            await before.DeliveryAsync(webhook, attempts: 1);
        }

        await using var after = await AuthHost.StartOnAsync(database, keys);
        await after.PingAsync(webhook);

        await Eventually.TrueAsync(async () => WebhookCalls.OutcomesOf((await after.DeliveriesAsync(webhook))[0]) is ["address_not_allowed"]);
        Assert.Single(receiver.Received);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : WebhookAttemptTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>
    {
        /// <summary>It lasts as long as the deadline, whatever the store is.</summary>
        [Fact]
        public async Task A_receiver_that_never_answers_holds_nobody_up()
        {
            await using var hanging = await WebhookReceiver.StartAsync();
            var (open, most, counting) = (0, 0, new Lock());
            hanging.OnRequest = async context =>
            {
                lock (counting)
                    most = Math.Max(most, ++open);
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                lock (counting)
                    open--;
            };
            await using var receiver = await WebhookReceiver.StartAsync();
            var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
            var slow = await own.CreateWebhookAsync(hanging.Url, "session_revoked");
            var quick = await own.CreateWebhookAsync(receiver.Url, "session_revoked");
            for (var i = 0; i < 8; i++)
                await own.PingAsync(slow);
            await hanging.UntilAsync(4);

            var waited = Stopwatch.StartNew();
            await own.PingAsync(quick);
            await receiver.UntilAsync(1);
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(15), $"it took {waited.Elapsed}");
            Assert.Equal(4, most);

            await Eventually.TrueAsync(async () => (await own.DeliveriesAsync(slow)).Count(one => WebhookCalls.OutcomesOf(one) is ["timeout", ..]) >= 4);
        }
    }

    [Collection("postgres 2")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : WebhookAttemptTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
