using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Webhooks;

/// <summary>Audit entries are delivered to a receiver that accepts them, signed and in pages that can be listed and replayed.</summary>
public abstract class WebhookDeliveryTests(AuthHost host, ClassHosts hosts)
{
    [Fact]
    public async Task A_receiver_gets_thin_and_signed_bodies()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        using var metrics = own.RecordMetrics();
        var webhook = await own.CreateWebhookAsync(receiver.Url, "sign_in");
        var person = await own.CreatePersonAsync();
        var session = await own.LoginAsync(person);

        var received = await receiver.WaitForAsync("sign_in");
        await Eventually.TrueAsync(() => receiver.OfType("sign_in").Any(sent => sent.Data.GetProperty("sessionId").GetString() == session.SessionId));
        var sent = receiver.OfType("sign_in").Single(sent => sent.Data.GetProperty("sessionId").GetString() == session.SessionId);

        Assert.Equal("data timestamp type", WebhookCalls.MembersOf(sent.Json));
        Assert.Equal("actor number outcome principal sessionId", WebhookCalls.MembersOf(sent.Data));
        Assert.Equal((person.Id, person.Id, "success"), (sent.Data.Text("principal"), sent.Data.Text("actor"), sent.Data.Text("outcome")));
        Assert.InRange(sent.Json.GetProperty("timestamp").GetDateTimeOffset(), own.Clock.GetUtcNow().AddMinutes(-2), own.Clock.GetUtcNow());
        Assert.EndsWith("Z", sent.Json.Text("timestamp"), StringComparison.Ordinal);
        Assert.Equal("application/json; charset=utf-8", $"{sent.Headers["Content-Type"]}");
        Assert.DoesNotContain("traceparent", sent.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.All(receiver.Received, each => new StandardWebhook(webhook.Secret).Verify(each.Body, each.Headers));
        Assert.Throws<WebhookVerificationException>(() => new StandardWebhook(webhook.Secret).Verify(received.Body + " ", received.Headers));
        await Eventually.TrueAsync(() => metrics["webhooks.attempts{outcome=delivered}"] >= 1);
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_sign_for_a_day()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var own = await host.StartAnotherAsync(WebhookReceiver.Settings); // its clock moves, and libraries verify by the real one
        var webhook = await own.CreateWebhookAsync(receiver.Url, "session_revoked");

        var rotated = await own.PostAsync($"{webhook.Path}/rotate", await own.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        var overlap = rotated.GetProperty("previousSecretUntil").GetDateTimeOffset() - own.Clock.GetUtcNow();
        Assert.InRange(overlap, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24));
        await own.PingAsync(webhook);
        await own.DeliveryAsync(webhook, attempts: 1); // otherwise its lease could run out and it would be sent again
        own.Clock.Advance(TimeSpan.FromHours(25));
        await own.PingAsync(webhook);
        await receiver.UntilAsync(2);

        Assert.Equal([2, 1], receiver.Received.Select(sent => sent.Signatures.Length));
        var both = receiver.Received.First();
        var signatures = both.Signatures;
        foreach (var (i, secret) in new[] { rotated.Text("secret"), webhook.Secret }.Index())
        {
            both.Headers["webhook-signature"] = signatures[i]; // this library checks only the first signature; the npm libraries check all
            new StandardWebhook(secret).Verify(both.Body, both.Headers);
        }
    }

    [Fact]
    public async Task Refusals_come_where_they_are_asked_for_and_tell_no_name_that_nobody_has()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        await own.CreateWebhookAsync($"{receiver.Url}/all");
        await own.CreateWebhookAsync($"{receiver.Url}/refused", "*.refused");
        var person = await own.CreatePersonAsync();

        await own.TryLoginAsync(person.Id, "wrong").ExpectAsync(HttpStatusCode.Unauthorized);
        await own.TryLoginAsync("my-password-by-mistake", "wrong").ExpectAsync(HttpStatusCode.Unauthorized);
        await own.WriteEntryAsync("my-password-by-mistake");
        await receiver.WaitForAsync("app_tokens_expired");
        await Eventually.TrueAsync(() => receiver.OfType("sign_in.refused").Count is 2);

        Assert.All(receiver.OfType("sign_in.refused"), sent => Assert.Equal("/hook/refused", sent.Path));
        Assert.All(receiver.OfType("sign_in.refused"), sent => Assert.Equal("refused", sent.Data.Text("outcome")));
        Assert.Contains(receiver.OfType("sign_in.refused"), sent => sent.Data.GetProperty("principal").GetString() == person.Id);
        Assert.All(receiver.Received, sent => Assert.DoesNotContain("my-password-by-mistake", sent.Body, StringComparison.Ordinal));
        Assert.All(receiver.Received, sent => Assert.DoesNotContain("canary", sent.Body, StringComparison.Ordinal));
        Assert.All(receiver.Received, sent => Assert.DoesNotContain("127.0.0.1", sent.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_ping_is_listed_with_what_became_of_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        var webhook = await own.CreateWebhookAsync(receiver.Url, "session_revoked");

        var id = await own.PingAsync(webhook);
        var sent = await receiver.WaitForAsync("ping");
        var listed = await own.DeliveryAsync(webhook, attempts: 1);

        Assert.Equal(id, sent.Id);
        Assert.Equal((id, "ping", "DELIVERED"), (listed.Text("id"), listed.Text("event"), listed.Text("status")));
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("nextAttemptAt").ValueKind);
        Assert.Equal(204, Assert.Single(listed.GetProperty("attempts").EnumerateArray()).GetProperty("statusCode").GetInt32());
        Assert.Single(await own.DeliveriesAsync(webhook, "?status=DELIVERED"));
        Assert.Empty(await own.DeliveriesAsync(webhook, "?status=FAILED"));
    }

    [Fact]
    public async Task Deliveries_are_listed_page_by_page()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        var webhook = await own.CreateWebhookAsync(receiver.Url, "session_revoked");
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
            made.Insert(0, await own.PingAsync(webhook));

        var (listed, cursor, admin) = (new List<string>(), "", await own.NewAdminTokenAsync());
        while (true)
        {
            var page = await own.GetAsync($"{webhook.Path}/deliveries?limit=2{cursor}", admin).ExpectAsync(HttpStatusCode.OK);
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.Text("id")));
            if (page.GetProperty("nextCursor").GetString() is not { } next)
                break;
            cursor = $"&cursor={next}";
        }

        Assert.Equal(made, listed);
    }

    [Fact]
    public async Task What_was_missed_is_replayed_under_the_same_ids()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        var webhook = await own.CreateWebhookAsync(receiver.Url, "app_tokens_expired");
        var (from, admin) = (own.Clock.GetUtcNow(), await own.NewAdminTokenAsync());
        await own.WriteEntryAsync();
        var first = await receiver.WaitForAsync("app_tokens_expired");
        await own.PatchAsync(webhook.Path, admin, new { enabled = false }).ExpectAsync(HttpStatusCode.OK);
        await own.WriteEntryAsync();
        var marker = await own.CreateWebhookAsync($"{receiver.Url}/marker", "app_tokens_expired");
        await own.WriteEntryAsync();
        await Eventually.TrueAsync(() => receiver.Received.Any(sent => sent.Path is "/hook/marker"));
        Assert.Equal(1, receiver.Received.Count(sent => sent.Path is "/hook"));
        await own.DeleteAsync(marker.Path, admin).ExpectAsync(HttpStatusCode.NoContent);
        await own.PatchAsync(webhook.Path, admin, new { enabled = true }).ExpectAsync(HttpStatusCode.OK);

        var replay = await own.PostAsync($"{webhook.Path}/replay", admin, new { from }).ExpectAsync(HttpStatusCode.Accepted);

        Assert.Equal((3, JsonValueKind.Null), (replay.GetProperty("deliveries").GetInt32(), replay.GetProperty("next").ValueKind));
        await Eventually.TrueAsync(() => receiver.Received.Count(sent => sent.Path is "/hook") is 4);
        var ids = receiver.Received.Where(sent => sent.Path is "/hook").Select(sent => sent.Id).ToList();
        Assert.Equal(2, ids.Count(id => id == first.Id));
        Assert.Equal(3, ids.Distinct(StringComparer.Ordinal).Count());
        await own.PostAsync($"{webhook.Path}/deliveries/{first.Id}/redeliver", admin).ExpectAsync(HttpStatusCode.Accepted);
        await Eventually.TrueAsync(() => receiver.Received.Count(sent => sent.Id == first.Id) >= 3);
        await own.PostAsync($"{webhook.Path}/replay", admin, new { }).ExpectAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task More_events_of_one_moment_than_one_replay_sends_come_with_the_next()
    {
        const int All = 5_003;
        await using var own = await host.StartAnotherAsync();
        var (admin, moment) = (await own.AdminTokenAsync(), own.Clock.GetUtcNow().AddHours(-1));
        await own.Database.ExecuteAsync(
            $"""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {All})
            INSERT INTO audit_events (at, event, outcome) SELECT {moment.ToUnixTimeMilliseconds() * 1_000}, 'app_tokens_expired', 0 FROM n
            """);
        var webhook = await own.CreateWebhookAsync("https://hooks.invalid/", "app_tokens_expired");

        var first = await ReplayAsync(new { from = moment.AddMinutes(-1) });
        var second = await ReplayAsync(new { from = first.GetProperty("next").GetDateTimeOffset(), after = first.Text("after") });

        Assert.Equal((5_000, 3), (first.GetProperty("deliveries").GetInt32(), second.GetProperty("deliveries").GetInt32()));
        Assert.All(["next", "after"], member => Assert.Equal(JsonValueKind.Null, second.GetProperty(member).ValueKind));
        Assert.Equal(All, await own.Database.CountAsync("webhook_deliveries"));
        var refusal = own.PostAsync($"{webhook.Path}/replay", admin, new { from = moment, after = "made up" });
        Assert.Equal("BAD_REQUEST", await refusal.ProblemAsync(HttpStatusCode.BadRequest));

        Task<JsonElement> ReplayAsync(object wanted) => own.PostAsync($"{webhook.Path}/replay", admin, wanted).ExpectAsync(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Without_its_encryption_key_nothing_is_sent_until_it_is_back()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var database = await TestDatabase.CreateMigratedAsync(host.Database.Store);
        var (old, other) = (new EncryptionKey("old"), new EncryptionKey("other"));
        MadeWebhook webhook;
        await using (var before = await AuthHost.StartOnAsync(database, WebhookReceiver.Settings.With(EncryptionKey.SettingsOf(old))))
            webhook = await before.CreateWebhookAsync(receiver.Url, "session_revoked");

        await using (var without = await AuthHost.StartOnAsync(database, WebhookReceiver.Settings.With(EncryptionKey.SettingsOf(other))))
        {
            await without.PingAsync(webhook);
            Assert.Equal(["encryption_key_missing"], WebhookCalls.OutcomesOf(await without.DeliveryAsync(webhook, attempts: 1)));
            Assert.Equal(JsonValueKind.Null, (await without.ShowAsync(webhook)).GetProperty("failingSince").ValueKind);
        }

        Assert.Empty(receiver.Received);
        await using var after = await AuthHost.StartOnAsync(database, WebhookReceiver.Settings.With(EncryptionKey.SettingsOf(other, old)));
        after.Clock.Advance(TimeSpan.FromMinutes(1));
        await receiver.UntilAsync(1);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : WebhookDeliveryTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : WebhookDeliveryTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
