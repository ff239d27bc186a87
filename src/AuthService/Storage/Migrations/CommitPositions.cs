using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the order in which revocations and audit entries were committed, for readers that read them in that order.</summary>
/// <remarks>Existing rows get no position, so that no table is rewritten.</remarks>
[DbContext(typeof(AuthDbContext))]
[Migration("20261129090000_CommitPositions")]
internal sealed class CommitPositions : Migration
{
    private const string Order = "commit_order";
    private const string Readers = "event_readers";
    private const string Identities = "identity_revocations";
    private const string Sessions = "sessions";
    private const string Ended = "ended_sessions";
    private const string Until = "tokens_until";

    private static readonly string[] Existing = [Ended, "revoked_tokens", "audit_events"];

    protected override void Up(MigrationBuilder migration)
    {
        var isPostgres = migration.IsNpgsql();
        migration.CreateTable(
            Order,
            table => new { epoch = table.Column<string>(), last = table.Column<long>() },
            constraints: table => table.PrimaryKey("PK_commit_order", order => order.epoch));
        var epoch = isPostgres ? "replace(gen_random_uuid()::text, '-', '')" : "lower(hex(randomblob(16)))";
        migration.Sql($"INSERT INTO {Order} (epoch, last) SELECT {epoch}, 0");
        migration.CreateTable(
            Identities,
            table => new
            {
                number = table.Column<long>().NumberedByTheStore(),
                session_id = table.Column<Guid>(nullable: true),
                subject = table.Column<string>(nullable: true),
                security_stamp = table.Column<int>(nullable: true),
                api_key_id = table.Column<Guid>(nullable: true),
                revoked_at = table.Column<long>(),
                tokens_until = table.Column<long>(nullable: true),
                forget_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("PK_identity_revocations", revocation => revocation.number));
        migration.CreateTable(
            Readers,
            table => new { name = table.Column<string>(), position = table.Column<long>(), number = table.Column<long>() },
            constraints: table => table.PrimaryKey("PK_event_readers", reader => reader.name));
        migration.CreateIndex("IX_identity_revocations_forget_at", Identities, "forget_at");
        migration.AddColumn<long>(Until, Sessions, nullable: true);
        migration.AddColumn<long>(Until, Ended, nullable: true);
        migration.AddColumn<long>("access_token_lifetime", Ended, nullable: true);
        foreach (var table in Existing.Append(Identities))
        {
            migration.AddColumn<long>("position", table, nullable: true);
            migration.CreateIndex($"IX_{table}_position", table, "position", filter: "position IS NOT NULL");
            migration.Sql(isPostgres ? $"ALTER TABLE {table} ALTER position SET DEFAULT {CommitOrder.Current}" : TriggerOf(table));
        }

        if (isPostgres)
            migration.Sql($"ALTER TABLE {Identities} SET (autovacuum_vacuum_scale_factor = 0.02)");
    }

    protected override void Down(MigrationBuilder migration)
    {
        foreach (var table in Existing)
        {
            if (!migration.IsNpgsql())
                migration.Sql($"DROP TRIGGER position_of_{table}");
            migration.DropIndex($"IX_{table}_position", table);
            migration.DropColumn("position", table);
        }

        migration.DropColumn("access_token_lifetime", Ended);
        migration.DropColumn(Until, Ended);
        migration.DropColumn(Until, Sessions);
        migration.DropTable(Readers);
        migration.DropTable(Identities);
        migration.DropTable(Order);
    }

    /// <summary>
    /// Creates the trigger that sets positions. SQLite writes one transaction after the other, so the next number is in the order of their commits.
    /// </summary>
    private static string TriggerOf(string table) =>
        $"""
        CREATE TRIGGER position_of_{table} AFTER INSERT ON {table} BEGIN
            UPDATE {Order} SET last = last + 1;
            UPDATE {table} SET position = (SELECT last FROM {Order}) WHERE rowid = NEW.rowid;
        END
        """;
}
