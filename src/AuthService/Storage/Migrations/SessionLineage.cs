using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the session of the sign-in from which an extended session came, and all sessions in between.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261128111000_SessionLineage")]
internal sealed class SessionLineage : Migration
{
    private const string Sessions = "sessions";
    private const string Ended = "ended_sessions";

    protected override void Up(MigrationBuilder migration)
    {
        migration.AddColumn<Guid>("root_id", Sessions, nullable: true);
        migration.AddColumn<string>("ancestors", Sessions, nullable: true);
        migration.AddColumn<Guid>("root_id", Ended, nullable: true);
        migration.AddColumn<Guid>("extended_from", Ended, nullable: true);
        migration.Sql(
            """
            WITH RECURSIVE lineage (id, root_id, ancestors) AS (
                SELECT s.id, s.extended_from, lower(CAST(s.extended_from AS text)) FROM sessions AS s
                WHERE s.extended_from IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM sessions AS p WHERE p.id = s.extended_from AND p.extended_from IS NOT NULL)
                UNION ALL
                SELECT s.id, l.root_id, l.ancestors || ' ' || lower(CAST(s.extended_from AS text))
                FROM sessions AS s JOIN lineage AS l ON s.extended_from = l.id)
            UPDATE sessions SET root_id = lineage.root_id, ancestors = lineage.ancestors FROM lineage WHERE sessions.id = lineage.id
            """);
        migration.CreateIndex("IX_sessions_root_id", Sessions, "root_id", filter: "root_id IS NOT NULL");
        migration.CreateIndex("IX_ended_sessions_root_id", Ended, "root_id", filter: "root_id IS NOT NULL");
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.DropIndex("IX_ended_sessions_root_id", Ended);
        migration.DropIndex("IX_sessions_root_id", Sessions);
        migration.DropColumn("extended_from", Ended);
        migration.DropColumn("root_id", Ended);
        migration.DropColumn("ancestors", Sessions);
        migration.DropColumn("root_id", Sessions);
    }
}
