using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Creates the table that keeps why sessions ended.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261128104000_EndedSessions")]
internal sealed class EndedSessions : Migration
{
    private const string Table = "ended_sessions";

    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            Table,
            table => new
            {
                id = table.Column<Guid>(),
                principal_number = table.Column<long>(),
                refresh_token_hash = table.Column<byte[]>(nullable: true),
                reason = table.Column<int>(),
                ended_by = table.Column<string>(nullable: true),
                ended_at = table.Column<long>(),
                expire_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("PK_ended_sessions", ended => ended.id));
        migration.CreateIndex("IX_ended_sessions_refresh_token_hash", Table, "refresh_token_hash", unique: true);
        migration.CreateIndex("IX_ended_sessions_expire_at", Table, "expire_at");
        if (migration.IsNpgsql())
            migration.Sql("ALTER TABLE ended_sessions SET (autovacuum_vacuum_scale_factor = 0.02)");
    }

    protected override void Down(MigrationBuilder migration) => migration.DropTable(Table);
}
