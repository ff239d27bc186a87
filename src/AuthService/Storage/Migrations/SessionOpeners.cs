using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>
/// Adds who opened a session, and which service impersonates in it. Older sessions have no known opener, and no service impersonates in them.
/// </summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261128004000_SessionOpeners")]
internal sealed class SessionOpeners : Migration
{
    private const string Table = "sessions";
    private const string OpenedBy = "opened_by";
    private const string ActorService = "actor_service";

    protected override void Up(MigrationBuilder migration)
    {
        migration.AddColumn<string>(OpenedBy, Table, nullable: true);
        migration.AddColumn<string>(ActorService, Table, nullable: true);
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.DropColumn(ActorService, Table);
        migration.DropColumn(OpenedBy, Table);
    }
}
