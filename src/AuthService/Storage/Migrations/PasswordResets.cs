using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Creates the table of tokens with which people who must choose a new password set it.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261127210000_PasswordResets")]
internal sealed class PasswordResets : Migration
{
    private const string Table = "password_resets";

    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            Table,
            table => new
            {
                token_hash = table.Column<byte[]>(),
                principal_number = table.Column<long>(),
                security_stamp = table.Column<int>(),
                expire_at = table.Column<long>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_password_resets", reset => reset.token_hash);
                table.ForeignKey(
                    "FK_password_resets_principals_principal_number", reset => reset.principal_number, "principals", "number",
                    onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("IX_password_resets_principal_number", Table, "principal_number");
        migration.CreateIndex("IX_password_resets_expire_at", Table, "expire_at");
    }

    protected override void Down(MigrationBuilder migration) => migration.DropTable(Table);
}
