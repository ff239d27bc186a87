using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the kind of actor of an audit entry, and the credential that was used. A name can no longer pass for another kind of actor.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261127190000_AuditActors")]
internal sealed class AuditActors : Migration
{
    private const string Table = "audit_events";

    protected override void Up(MigrationBuilder migration)
    {
        migration.AddColumn<int>("actor_kind", Table, defaultValue: 0);
        migration.AddColumn<Guid>("actor_session_id", Table, nullable: true);
        migration.AddColumn<Guid>("actor_api_key_id", Table, nullable: true);
        // Until now a principal could have this id. If one has, these entries may be that principal's and stay as they are.
        migration.Sql(
            """
            UPDATE audit_events SET actor_kind = 2
            WHERE actor = '(command line)' AND NOT EXISTS (SELECT 1 FROM principals WHERE folded_id = '(command line)')
            """);
    }

    protected override void Down(MigrationBuilder migration)
    {
        foreach (var column in (string[])["actor_api_key_id", "actor_session_id", "actor_kind"])
            migration.DropColumn(column, Table);
    }
}
