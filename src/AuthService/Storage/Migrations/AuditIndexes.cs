using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Replaces the indexes of the audit log. It is read in the order of time, with any filter.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261122060000_AuditIndexes")]
internal sealed class AuditIndexes : Migration
{
    private const string Table = "audit_events";

    protected override void Up(MigrationBuilder migration)
    {
        migration.DropIndex("IX_audit_events_principal_number", Table);
        migration.DropIndex("IX_audit_events_actor_number", Table);
        migration.DropIndex("IX_audit_events_at", Table);
        migration.CreateIndex("IX_audit_events_at_number", Table, ["at", "number"]);
        migration.CreateIndex("IX_audit_events_event_at_number", Table, ["event", "at", "number"]);
        migration.CreateIndex("IX_audit_events_actor_at_number", Table, ["actor", "at", "number"], filter: "actor IS NOT NULL");
        migration.CreateIndex("IX_audit_events_principal_at_number", Table, ["principal", "at", "number"], filter: "principal IS NOT NULL");
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.DropIndex("IX_audit_events_principal_at_number", Table);
        migration.DropIndex("IX_audit_events_actor_at_number", Table);
        migration.DropIndex("IX_audit_events_event_at_number", Table);
        migration.DropIndex("IX_audit_events_at_number", Table);
        migration.CreateIndex("IX_audit_events_at", Table, "at");
        migration.CreateIndex("IX_audit_events_actor_number", Table, ["actor", "number"]);
        migration.CreateIndex("IX_audit_events_principal_number", Table, ["principal", "number"]);
    }
}
