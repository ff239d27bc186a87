using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Mail;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>Audit entries are deleted in batches when they are older than <c>Audit:Retention</c>, and not before.</summary>
public abstract class AuditRetentionTests(AuthHost host)
{
    /// <summary>More than two batches, so that two instances delete at the same time.</summary>
    private const int OldRows = 1_500;

    private static readonly Settings Often = new() { ["CleanUp:Interval"] = "00:00:00.200", ["Audit:Retention"] = "10.00:00:00" };

    [Fact]
    public async Task Two_instances_forget_what_is_old_enough_and_nothing_else()
    {
        await using var own = await host.StartAnotherAsync(Often);
        await using var twin = await own.StartTwinAsync(Often);
        var early = await own.CreatePersonAsync();
        own.Clock.Advance(TimeSpan.FromDays(5));
        var late = await own.CreatePersonAsync();
        await FloodAsync(own.Database);

        own.Clock.Advance(TimeSpan.FromDays(5.5));
        var admin = await own.AdminTokenAsync();
        foreach (var old in new[] { $"?principal={early.Id}", "?event=unlocked" })
            await Eventually.TrueAsync(async () => (await own.AuditAsync(admin, old)).Length == 0);
        await Task.Delay(500);

        Assert.Empty(await own.AuditAsync(admin, $"?principal={early.Id}"));
        Assert.Empty(await own.AuditAsync(admin, "?event=unlocked"));
        Assert.Equal(["principal_created"], (await own.AuditAsync(admin, $"?principal={late.Id}")).Select(row => row.Text("event")), StringComparer.Ordinal);
    }

    private static Task FloodAsync(TestDatabase database)
    {
        var numbers = database.IsPostgres
            ? $"WITH n(i) AS (SELECT generate_series(1, {OldRows}))"
            : $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {OldRows})";
        return database.ExecuteAsync($"{numbers} INSERT INTO audit_events (at, event, outcome) SELECT i, 'unlocked', 0 FROM n");
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : AuditRetentionTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : AuditRetentionTests(store.Host);
}
