using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Creates the table of people's passkeys.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261128020000_Passkeys")]
internal sealed class Passkeys : Migration
{
    private const string Table = "passkeys";

    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            Table,
            table => new
            {
                credential_id = table.Column<byte[]>(),
                principal_number = table.Column<long>(),
                id = table.Column<Guid>(),
                name = table.Column<string>(),
                public_key = table.Column<byte[]>(),
                sign_count = table.Column<long>(),
                transports = table.Column<string>(),
                backup_eligible = table.Column<bool>(),
                backed_up = table.Column<bool>(),
                created_at = table.Column<long>(),
                last_used_at = table.Column<long>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_passkeys", passkey => passkey.credential_id);
                table.ForeignKey(
                    "FK_passkeys_principals_principal_number", passkey => passkey.principal_number, "principals", "number",
                    onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("IX_passkeys_principal_number_id", Table, ["principal_number", "id"], unique: true);
    }

    protected override void Down(MigrationBuilder migration) => migration.DropTable(Table);
}
