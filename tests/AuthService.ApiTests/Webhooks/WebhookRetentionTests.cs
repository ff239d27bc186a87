using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.Webhooks;
using Xunit;

namespace AuthService.ApiTests.Webhooks;

/// <summary>Deliveries are kept for a limited time, and only a limited number may wait.</summary>
public abstract class WebhookRetentionTests(AuthHost host)
{
    private const string Columns = "webhook_id, id, event, payload, created_at, status, attempts, attempts_before, next_attempt_at, give_up_at, forget_at, log";

    [Fact]
    public async Task What_was_delivered_is_kept_for_three_days_and_what_was_given_up_for_seven()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var own = await host.StartAnotherAsync(WebhookReceiver.Settings.With(new() { ["CleanUp:Interval"] = "00:00:00.200" }));
        var (good, bad) = (await own.CreateWebhookAsync(receiver.Url, "session_revoked"), await own.CreateWebhookAsync(receiver.Url, "session_revoked"));
        await own.PingAsync(good);
        await own.DeliveryAsync(good, attempts: 1);
        receiver.OnRequest = WebhookReceiver.Answer(410);
        await own.PingAsync(bad);
        await own.DeliveryAsync(bad, attempts: 1);

        own.Clock.Advance(TimeSpan.FromDays(2.9));
        await own.WriteEntryAsync();
        await Task.Delay(TimeSpan.FromSeconds(1)); // enough time for several clean-ups
        Assert.Equal(2, await own.Database.CountAsync("webhook_deliveries"));
        own.Clock.Advance(TimeSpan.FromDays(0.2));
        await Eventually.CountsAsync(own, "webhook_deliveries WHERE status = 1", 0);
        Assert.Equal(1, await own.Database.CountAsync("webhook_deliveries WHERE status = 2"));
        own.Clock.Advance(TimeSpan.FromDays(4));
        await Eventually.CountsAsync(own, "webhook_deliveries", 0);
    }

    [Fact]
    public async Task Too_many_that_wait_disable_a_webhook_and_are_kept()
    {
        await using var own = await host.StartAnotherAsync();
        var webhook = await own.CreateWebhookAsync("https://hooks.invalid/", "session_revoked");
        await AddAsManyAsMayWaitAsync(own, "evt_");
        await CountAsync(own);
        Assert.True((await own.ShowAsync(webhook)).GetProperty("enabled").GetBoolean());

        await own.PingAsync(webhook);
        await CountAsync(own);
        Assert.True((await own.ShowAsync(webhook)).GetProperty("enabled").GetBoolean(), "It was disabled though its receiver has only just failed");
        await FailSinceAsync(own, TimeSpan.FromMinutes(6));
        await CountAsync(own);

        Assert.Equal("OVERFLOWING", (await own.ShowAsync(webhook)).Text("disabledReason"));
        Assert.Single(await own.AuditAsync(await own.NewAdminTokenAsync(), "?event=webhook_disabled"));
        Assert.Equal(WebhookDelivery.MostWaiting + 1, await own.Database.CountAsync("webhook_deliveries WHERE status = 0"));

        await own.PatchAsync(webhook.Path, await own.NewAdminTokenAsync(), new { enabled = true }).ExpectAsync(HttpStatusCode.OK);
        await CountAsync(own);
        Assert.True((await own.ShowAsync(webhook)).GetProperty("enabled").GetBoolean(), "It was disabled before its receiver could take what waits");
        await own.DeleteAsync(webhook.Path, await own.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);
        Assert.Equal(0, await own.Database.CountAsync("webhook_deliveries"));
    }

    /// <summary>The receiver works, but is too slow for the number of events.</summary>
    [Fact]
    public async Task Twice_as_many_that_become_more_disable_it_however_it_answers()
    {
        await using var own = await host.StartAnotherAsync();
        var webhook = await own.CreateWebhookAsync("https://hooks.invalid/", "session_revoked");
        await AddAsManyAsMayWaitAsync(own, "evt_");
        await CountAsync(own);
        await AddAsManyAsMayWaitAsync(own, "more_");
        await own.PingAsync(webhook);
        await CountAsync(own);
        Assert.Equal("OVERFLOWING", (await own.ShowAsync(webhook)).Text("disabledReason"));

        await own.PatchAsync(webhook.Path, await own.NewAdminTokenAsync(), new { enabled = true }).ExpectAsync(HttpStatusCode.OK);
        await CountAsync(own);
        Assert.True((await own.ShowAsync(webhook)).GetProperty("enabled").GetBoolean(), "It was disabled though no more wait than before");
    }

    private static Task AddAsManyAsMayWaitAsync(AuthHost host, string start)
    {
        var later = AuthService.Storage.UnixMicroseconds.From(host.Clock.GetUtcNow().AddDays(1));
        return host.Database.ExecuteAsync(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {WebhookDelivery.MostWaiting})
            INSERT INTO webhook_deliveries ({Columns})
            SELECT w.id, '{start}' || n.i, 'session_revoked', '', 0, 0, 0, 0, {later}, {later}, {later}, '[]' FROM n CROSS JOIN webhooks w
            """);
    }

    private static Task FailSinceAsync(AuthHost host, TimeSpan ago) => host.Database.ExecuteAsync(
        $"UPDATE webhooks SET failing_since = {AuthService.Storage.UnixMicroseconds.From(host.Clock.GetUtcNow() - ago)}");

    private static Task<bool> CountAsync(AuthHost host) => host.CallAsync<WebhookBacklogCheck, bool>(async watch =>
    {
        await watch.CountAsync();
        return true;
    });

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : WebhookRetentionTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : WebhookRetentionTests(store.Host);
}
