using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>
/// Indexes a person's sessions in the order of the lists. PostgreSQL reads only one page from the index and does not sort all sessions of the person.
/// </summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261122140000_SessionOrder")]
internal sealed class SessionOrder : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateIndex("IX_sessions_principal_number_created_at_id", "sessions", ["principal_number", "created_at", "id"]);
        migration.DropIndex("IX_sessions_principal_number_created_at", "sessions");
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.CreateIndex("IX_sessions_principal_number_created_at", "sessions", ["principal_number", "created_at"]);
        migration.DropIndex("IX_sessions_principal_number_created_at_id", "sessions");
    }
}
