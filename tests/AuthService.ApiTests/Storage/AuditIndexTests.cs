using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.Audit;
using AuthService.Sessions.Lists;
using AuthService.Storage;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>
/// When the audit log has many rows, each list is read by an index in its order: the store neither scans the table nor sorts the result.
/// </summary>
public abstract class AuditIndexTests(AuthHost host)
{
    private const int Rows = 50_000;
    private const int Limit = 50;

    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;
    private static readonly RowPosition Middle = new(Epoch.AddSeconds(Rows / 2), Rows / 2);

    private static readonly (AuditFilter Filter, string Index)[] Lists =
    [
        (new(null, null, null, null, null), "IX_audit_events_at_number"),
        (new(null, null, null, Epoch.AddSeconds(100), Epoch.AddSeconds(Rows - 100)), "IX_audit_events_at_number"),
        (new("p7", null, null, null, null), "IX_audit_events_principal_at_number"),
        (new("p7", null, null, Epoch.AddSeconds(100), Epoch.AddSeconds(Rows - 100)), "IX_audit_events_principal_at_number"),
        (new(null, "a7", null, null, null), "IX_audit_events_actor_at_number"),
        (new(null, null, "rare", null, null), "IX_audit_events_event_at_number"),
    ];

    [Fact]
    public async Task Every_list_is_read_in_the_order_of_an_index()
    {
        await using var own = await host.StartAnotherAsync();
        await FillAsync(own.Database);
        var plans = new Plans(own.Database.IsPostgres);
        await using var direct = new DirectStore(own.Database, plans);
        var store = new AuditStore(direct.Store, new UsualOptions());

        foreach (var (filter, index) in Lists)
        {
            foreach (var after in new[] { null, Middle })
            {
                var page = await store.ListAsync(filter, after, Limit);
                var plan = Assert.Single(plans.Take());
                Assert.NotEmpty(page.Items);
                Assert.Contains(index, plan, StringComparison.Ordinal);
                Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
                Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
                Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_tokens_that_came_of_a_session_are_read_from_an_index()
    {
        await using var own = await host.StartAnotherAsync();
        var session = await own.SignedInPersonAsync();
        await FillAsync(own.Database);
        await own.Database.ExecuteAsync($"UPDATE audit_events SET event = '{AuditEvents.OneTimeTokenIssued}' WHERE event = 'usual' AND number % 2 = 0");
        await own.Database.ExecuteAsync("ANALYZE");
        await own.OneTimeTokenAsync(session.AccessToken);
        var (plans, id) = (new Plans(own.Database.IsPostgres), Guid.Parse(session.SessionId));
        await using var direct = new DirectStore(own.Database, plans);

        var lineage = await new SessionLineage(direct.Store, own.Clock).ListAsync(new LineageOrigin(id, id, "p"));

        Assert.Equal(id, Assert.Single(lineage.Tokens).SessionId);
        Assert.Contains("IX_audit_events_session_id_at_number", plans.Take()[^1], StringComparison.Ordinal);
    }

    private static async Task FillAsync(TestDatabase database)
    {
        var postgres = database.IsPostgres;
        var numbers = postgres
            ? $"WITH n(i) AS (SELECT generate_series(1, {Rows}))"
            : $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows})";
        await database.ExecuteAsync("DELETE FROM audit_events");
        await database.ExecuteAsync(
            $"""
            {numbers} INSERT INTO audit_events (at, event, outcome, actor, principal)
            SELECT i * CAST(1000000 AS bigint), CASE WHEN i % 500 = 0 THEN 'rare' ELSE 'usual' END, 0, 'a' || (i % 100), 'p' || (i % 200) FROM n
            """);
        await database.ExecuteAsync("ANALYZE");
    }

    private sealed class UsualOptions : IOptionsMonitor<AuditOptions>
    {
        public AuditOptions CurrentValue { get; } = new();

        public AuditOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<AuditOptions, string?> listener) => null;
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : AuditIndexTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : AuditIndexTests(store.Host);
}
