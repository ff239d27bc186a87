using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds an index that finds the one-time and extended tokens that were created from a session.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261128173000_AuditTokens")]
internal sealed class AuditTokens : Migration
{
    private const string Index = "IX_audit_events_session_id_at_number";
    private const string Table = "audit_events";

    protected override void Up(MigrationBuilder migration) => migration.CreateIndex(
        Index, Table, ["session_id", "at", "number"], filter: "event IN ('one_time_token_issued', 'token_extended')");

    protected override void Down(MigrationBuilder migration) => migration.DropIndex(Index, Table);
}
