using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Creates the table of refused calls and their reasons.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261128134500_RefusedCalls")]
internal sealed class RefusedCalls : Migration
{
    private const string Table = "refused_calls";

    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            Table,
            table => new
            {
                number = table.Column<long>().NumberedByTheStore(),
                at = table.Column<long>(),
                trace_id = table.Column<string>(),
                operation = table.Column<string>(nullable: true),
                status = table.Column<int>(),
                code = table.Column<string>(),
                reason = table.Column<string>(),
                principal = table.Column<string>(nullable: true),
                session_id = table.Column<Guid>(nullable: true),
                caller = table.Column<string>(nullable: true),
                ip_address = table.Column<string>(nullable: true),
                facts = table.Column<string>(),
            },
            constraints: table => table.PrimaryKey("PK_refused_calls", refused => refused.number));
        migration.CreateIndex("IX_refused_calls_trace_id", Table, "trace_id");
        migration.CreateIndex("IX_refused_calls_at_number", Table, ["at", "number"]);
        migration.CreateIndex("IX_refused_calls_reason_at_number", Table, ["reason", "at", "number"]);
        migration.CreateIndex("IX_refused_calls_principal_at_number", Table, ["principal", "at", "number"], filter: "principal IS NOT NULL");
        if (migration.IsNpgsql())
            migration.Sql("ALTER TABLE refused_calls SET (autovacuum_vacuum_scale_factor = 0.02)");
    }

    protected override void Down(MigrationBuilder migration) => migration.DropTable(Table);
}
