using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>
/// Adds the time since which a session has its present identity. Tokens from before an impersonation do not become valid again when it ends.
/// </summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261130110000_SessionIdentities")]
internal sealed class SessionIdentities : Migration
{
    protected override void Up(MigrationBuilder migration) => migration.AddColumn<long>("identity_since", "sessions", nullable: true);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn("identity_since", "sessions");
}
