using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Webhooks;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The doctor reports webhooks with problems.</summary>
public abstract class DoctorWebhookTests(AuthHost host) : IDisposable
{
    private const string Url = "https://hooks.invalid/secret-path";

    private readonly ServiceFolder _folder = new();
    private readonly EncryptionKey _key = new("old");

    [Fact]
    public async Task Without_webhooks_there_is_nothing_to_say_and_of_those_that_work_that_they_do()
    {
        await using var own = await host.StartAnotherAsync(EncryptionKey.SettingsOf(_key));
        Assert.DoesNotContain("webhooks:", (await ExamineAsync(own.Database)).Output, StringComparison.Ordinal);

        await own.CreateWebhookAsync(Url, "webhook_disabled");

        Assert.Equal(["ok    webhooks: 1 enabled, none fails"], await FindingsAsync(own.Database));
    }

    [Fact]
    public async Task Those_that_fail_or_were_disabled_are_told_by_their_host()
    {
        await using var own = await host.StartAnotherAsync(EncryptionKey.SettingsOf(_key));
        var (failing, gone, off) = (
            await own.CreateWebhookAsync(Url, "webhook_disabled"), await own.CreateWebhookAsync(Url, "webhook_disabled"),
            await own.CreateWebhookAsync(Url, "webhook_disabled"));
        await own.PatchAsync(off.Path, await own.NewAdminTokenAsync(), new { enabled = false });
        await own.Database.ExecuteAsync($"UPDATE webhooks SET failing_since = 0 WHERE {Is(failing, own)}");
        await own.Database.ExecuteAsync(
            $"UPDATE webhooks SET enabled = {(own.Database.IsPostgres ? "false" : "0")}, disabled_at = 0, disabled_reason = 1 WHERE {Is(gone, own)}");

        var findings = await FindingsAsync(own.Database);

        Assert.Equal(
            [
                $"note  webhooks: {failing.Id} (hooks.invalid) has taken nothing since 1970-01-01T00:00:00.0000000+00:00",
                $"WRONG webhooks: {gone.Id} (hooks.invalid) was disabled at 1970-01-01T00:00:00.0000000+00:00: mend its receiver, enable it and replay what "
                    + "it has missed",
                $"note  webhooks: {off.Id} (hooks.invalid) is disabled by an administrator",
            ],
            findings);
    }

    [Fact]
    public async Task Entries_that_nobody_reads_are_told()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(host.Database.Store);
        await using (var own = await AuthHost.StartOnAsync(database, EncryptionKey.SettingsOf(_key)))
            await own.CreateWebhookAsync(Url, "webhook_disabled");
        await database.ExecuteAsync("INSERT INTO audit_events (at, event, outcome, actor_kind) VALUES (0, 'app_tokens_expired', 0, 1)");
        await database.ExecuteAsync("UPDATE audit_events SET at = 0"); // the instance may have written audit entries of its own

        var findings = await FindingsAsync(database);
        Assert.Contains(findings, finding => finding.StartsWith("WRONG webhooks: the audit log was read up to ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_keys_of_their_secrets_must_stay()
    {
        await using var own = await host.StartAnotherAsync(EncryptionKey.SettingsOf(_key));
        var webhook = await own.CreateWebhookAsync(Url, "webhook_disabled");
        await own.PostAsync($"{webhook.Path}/rotate", await own.NewAdminTokenAsync());

        var found = await ExamineAsync(own.Database, EncryptionKey.SettingsOf(new("new"), _key));

        const string needed = "\"old\" must stay, for it is needed by: secrets of webhooks (1), former secrets of webhooks (1)";
        Assert.Contains(needed, found.Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the condition that finds the webhook. SQLite stores ids in upper case.</summary>
    private static string Is(MadeWebhook webhook, AuthHost host) => host.Database.IsPostgres ? $"id = '{webhook.Id}'" : $"lower(id) = '{webhook.Id}'";

    private async Task<string[]> FindingsAsync(TestDatabase database)
    {
        var lines = (await ExamineAsync(database)).Output.Split('\n', StringSplitOptions.TrimEntries);
        return [.. lines.Where(line => line.Contains(" webhooks: ", StringComparison.Ordinal))];
    }

    private Task<CommandResult> ExamineAsync(TestDatabase database, Settings? keys = null) => _folder.RunAsync(
        ServiceFolder.ForProduction().With(database.Settings).With(keys ?? EncryptionKey.SettingsOf(_key)), ["doctor"]);

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : DoctorWebhookTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : DoctorWebhookTests(store.Host);
}
