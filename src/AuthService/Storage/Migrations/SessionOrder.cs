using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>
/// A person's sessions stand in the index in the whole order of the lists: a page of them is read from there and no further,
/// where otherwise PostgreSQL sorts all that the person has.
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
