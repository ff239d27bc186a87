using System.Globalization;
using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Webhooks;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>An operator can manage a webhook by command while an instance delivers to it.</summary>
public abstract class WebhookCommandTests(AuthHost host)
{
    private const string Event = "app_tokens_expired";

    [Fact]
    public async Task A_webhook_that_missed_something_is_enabled_and_told()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var own = await host.StartAnotherAsync(WebhookReceiver.Settings);
        var webhook = await own.CreateWebhookAsync(receiver.Url, Event);
        var moment = own.Clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture);
        var name = $"{webhook.Id} (127.0.0.1)";
        Assert.Equal($"{name}\tenabled\t{Event}", (await own.RunProcessAsync(["webhook", "list"])).Line);

        Assert.Equal($"{name} is disabled.", (await own.RunProcessAsync(["webhook", "disable", webhook.Id])).Line);
        await own.WriteEntryAsync();
        Assert.Matches(@"\tdisabled since 2\S+ \(by an administrator\)\t", (await own.RunAsync(["webhook", "list"])).Line);
        (await own.RunAsync(["webhook", "replay", webhook.Id, "--from", moment])).Refused(1, "enable it first");
        Assert.StartsWith(
            $"{name} is enabled. What it missed comes with: webhook replay {webhook.Id} --from 2", (await own.RunAsync(["webhook", "enable", webhook.Id])).Line,
            StringComparison.Ordinal);
        Assert.Equal($"{name} is enabled.", (await own.RunProcessAsync(["webhook", "enable", webhook.Id])).Line);
        var replayed = await own.RunProcessAsync(["webhook", "replay", webhook.Id, "--from", $"{moment}+00:00"]);
        Assert.Equal($"Events since {moment.TrimEnd('0')}Z on their way: 1.", replayed.Line);

        await receiver.UntilAsync(1);
        Assert.Equal(Event, receiver.Received.DistinctBy(sent => sent.Id, StringComparer.Ordinal).Single().Type);
        var rows = await own.AuditAsync(await own.AdminTokenAsync(), "?event=webhook_replayed");
        Assert.Equal("(command line)", rows[0].Text("actor"));
    }

    [Fact]
    public async Task Why_the_service_disabled_one_is_shown_and_of_its_address_the_host_alone()
    {
        await using var own = await host.StartAnotherAsync();
        var webhook = await own.CreateWebhookAsync("https://hooks.invalid/secret-path", Event);
        await own.Database.ExecuteAsync("UPDATE webhooks SET failing_since = 0");
        Assert.Contains("(hooks.invalid)\tfailing since 1970-01-01", (await own.RunAsync(["webhook", "list"])).Line, StringComparison.Ordinal);

        foreach (var (reason, words) in new[] { (1, "its receiver answered 410"), (2, "it took nothing for days"), (3, "too much waited for it") })
        {
            await own.Database.ExecuteAsync(
                $"UPDATE webhooks SET enabled = {(own.Database.IsPostgres ? "false" : "0")}, disabled_at = 1000000, disabled_reason = {reason}");
            var line = (await own.RunAsync(["webhook", "list"])).Line;
            var state = $"disabled since 1970-01-01T00:00:01.0000000+00:00 ({words}), failing since 1970-01-01T00:00:00.0000000+00:00";
            Assert.Contains($"\t{state}\t", line, StringComparison.Ordinal);
        }

        var moved = await own.PatchAsync(webhook.Path, await own.AdminTokenAsync(), new { url = "https://other.invalid/" })
            .ExpectAsync(HttpStatusCode.OK);
        Assert.False(moved.GetProperty("enabled").GetBoolean());
        Assert.EndsWith(
            $" is enabled. What it missed comes with: webhook replay {webhook.Id} --from 1970-01-01T00:00:00Z",
            (await own.RunAsync(["webhook", "enable", webhook.Id])).Line,
            StringComparison.Ordinal);
        Assert.Contains("\tenabled\t", (await own.RunAsync(["webhook", "list"])).Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_one_that_does_not_exist_that_is_said()
    {
        var nobodys = Guid.NewGuid().ToString();

        (await host.RunAsync(["webhook", "enable", nobodys])).Refused(1, "no such webhook");
        (await host.RunAsync(["webhook", "disable", nobodys])).Refused(1, "no such webhook");
        (await host.RunAsync(["webhook", "replay", nobodys, "--from", "2026-11-28T03:00:00Z"])).Refused(1, "no such webhook");
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : WebhookCommandTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : WebhookCommandTests(store.Host);
}
