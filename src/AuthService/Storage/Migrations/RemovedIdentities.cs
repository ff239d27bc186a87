using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Creates the table of accounts at identity providers that were removed from people.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261130120000_RemovedIdentities")]
internal sealed class RemovedIdentities : Migration
{
    private const string Table = "removed_identities";

    protected override void Up(MigrationBuilder migration) => migration.CreateTable(
        Table,
        table => new
        {
            principal_number = table.Column<long>(),
            issuer = table.Column<string>(),
            subject = table.Column<string>(),
            removed_at = table.Column<long>(),
        },
        constraints: table =>
        {
            table.PrimaryKey("PK_removed_identities", removed => new { removed.principal_number, removed.issuer, removed.subject });
            table.ForeignKey(
                "FK_removed_identities_principals_principal_number", removed => removed.principal_number, "principals", "number",
                onDelete: ReferentialAction.Cascade);
        });

    protected override void Down(MigrationBuilder migration) => migration.DropTable(Table);
}
