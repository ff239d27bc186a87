using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>What kind of actor an audit entry has, and with which credential they acted: no name can pass for another kind.</summary>
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
        // Until now a principal could be called so; then nobody knows whose entries they are.
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
