using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Webhooks;
using AuthService.Audit;
using AuthService.Storage;
using AuthService.Webhooks;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>What is rare among a webhook's deliveries, or in the audit log, is read from an index in the order of the answer.</summary>
public abstract class WebhookIndexTests(AuthHost host)
{
    private const int Rows = 20_000;

    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    [Fact]
    public async Task Deliveries_of_one_status()
    {
        await using var own = await host.StartAnotherAsync();
        var webhook = await own.CreateWebhookAsync("https://hooks.invalid/");
        await own.Database.ExecuteAsync(
            $"""
            {Numbers(own.Database)}
            INSERT INTO webhook_deliveries (webhook_id, id, event, payload, status, attempts, attempts_before, created_at, give_up_at, forget_at, log)
            SELECT webhooks.id, 'evt_' || i, 'session_created', '', CASE WHEN i % 1000 = 0 THEN 2 ELSE 1 END, 1, 0, i, i, i, '[]'
            FROM webhooks, n
            """);
        await own.Database.ExecuteAsync("ANALYZE");
        var plans = new Plans(own.Database.IsPostgres);
        await using var direct = new DirectStore(own.Database, plans);
        var deliveries = new WebhookDeliveryStore(direct.Store, new WebhookWakeUp());

        foreach (var after in new[] { null, new RowPosition(UnixMicroseconds.To(Rows - 1), Rows) })
        {
            var page = await deliveries.ListAsync(Guid.Parse(webhook.Id), DeliveryStatus.Failed, after, limit: 5);

            Assert.Equal(5, page.Items.Count);
            ExpectIndex("IX_webhook_deliveries_webhook_id_status_created_at_number", Assert.Single(plans.Take()));
        }

        Assert.Equal(Rows / 1000, (await own.DeliveriesAsync(webhook, "?status=FAILED&limit=100")).Length);
    }

    /// <summary>Of the events that are chosen here one is rare and one was never written.</summary>
    [Fact]
    public async Task Entries_of_a_replay()
    {
        await using var own = await host.StartAnotherAsync();
        await FillAuditLogAsync(own.Database);
        var plans = new Plans(own.Database.IsPostgres);
        await using var direct = new DirectStore(own.Database, plans);

        var found = await ReplayedEntries.ListAsync(direct.Store, [AuditEvents.WebhookTested, AuditEvents.AppTokensExpired], Epoch, after: null, limit: 5_001);

        Assert.Equal(Rows / 500, found.Count);
        Assert.All(plans.Take(), plan => ExpectIndex("IX_audit_events_event_at_number", plan));
        await ReplayedEntries.ListAsync(direct.Store, patterns: null, Epoch, after: null, limit: 5_001);
        ExpectIndex("IX_audit_events_at_number", Assert.Single(plans.Take()));
    }

    [Theory]
    [InlineData("app_*", "sign_in")]
    [InlineData("app_tokens_expired", "sign_in.refused", "sign_out")]
    [InlineData("*")]
    [InlineData("*.refused", "*")]
    public async Task Parts_of_a_replay_are_all_of_it_in_its_order(params string[] patterns)
    {
        await using var own = await host.StartAnotherAsync();
        await FillAuditLogAsync(own.Database, rows: 3_000);
        await using var direct = new DirectStore(own.Database);
        var from = Epoch.AddSeconds(10);
        var all = await direct.Store.ReadAsync(db => Task.FromResult(db.Set<AuditEntry>().AsEnumerable()
            .Where(entry => entry.At >= from && EventPattern.Matches(patterns, EventPattern.TypeOf(entry)) && AuditEvents.All.Contains(entry.Event))
            .OrderBy(entry => entry.At).ThenBy(entry => entry.Number).Select(entry => entry.Number).ToList()));
        var listed = new List<long>();

        RowPosition? after = null;
        while (await ReplayedEntries.ListAsync(direct.Store, patterns, from, after, limit: 700) is { Count: > 0 } part)
        {
            listed.AddRange(part.Select(entry => entry.Number));
            after = new RowPosition(part[^1].At, part[^1].Number);
        }

        Assert.NotEmpty(all);
        Assert.Equal(all, listed);
    }

    private static string Numbers(TestDatabase database, int rows = Rows) => database.IsPostgres
        ? $"WITH n (i) AS (SELECT generate_series(1, {rows}))"
        : $"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})";

    /// <summary>Three entries a second.</summary>
    private static async Task FillAuditLogAsync(TestDatabase database, int rows = Rows)
    {
        await database.ExecuteAsync("DELETE FROM audit_events");
        await database.ExecuteAsync(
            $"""
            {Numbers(database, rows)} INSERT INTO audit_events (at, event, outcome)
            SELECT i / 3 * CAST(1000000 AS bigint),
                   CASE WHEN i % 500 = 0 THEN 'app_tokens_expired' WHEN i % 3 = 0 THEN 'sign_out' ELSE 'sign_in' END,
                   CASE WHEN i % 2 = 0 THEN 0 ELSE 1 END
            FROM n
            """);
        await database.ExecuteAsync("ANALYZE");
    }

    private static void ExpectIndex(string index, string plan)
    {
        Assert.Contains(index, plan, StringComparison.Ordinal);
        Plans.ExpectNoScan(plan);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : WebhookIndexTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : WebhookIndexTests(store.Host);
}
