using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Creates the table of access tokens without a session that were revoked before they expired.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261122060100_RevokedTokens")]
internal sealed class RevokedTokens : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            "revoked_tokens",
            table => new { token_hash = table.Column<byte[]>(), forget_at = table.Column<long>() },
            constraints: table => table.PrimaryKey("PK_revoked_tokens", token => token.token_hash));
        migration.CreateIndex("IX_revoked_tokens_forget_at", "revoked_tokens", "forget_at");
    }

    protected override void Down(MigrationBuilder migration) => migration.DropTable("revoked_tokens");
}
