using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Since when a session is who it is: what was issued before an impersonation does not come back with its end.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261130110000_SessionIdentities")]
internal sealed class SessionIdentities : Migration
{
    protected override void Up(MigrationBuilder migration) => migration.AddColumn<long>("identity_since", "sessions", nullable: true);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn("identity_since", "sessions");
}
