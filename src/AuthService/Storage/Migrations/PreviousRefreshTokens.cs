using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the service refresh tokens that still work for a while after a new one was created.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261128105500_PreviousRefreshTokens")]
internal sealed class PreviousRefreshTokens : Migration
{
    private const string Principals = "principals";
    private const string Index = "IX_principals_previous_refresh_token_hash";

    protected override void Up(MigrationBuilder migration)
    {
        migration.AddColumn<byte[]>("previous_refresh_token_hash", Principals, nullable: true);
        migration.AddColumn<long>("previous_refresh_token_until", Principals, nullable: true);
        migration.CreateIndex(Index, Principals, "previous_refresh_token_hash", unique: true);
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.DropIndex(Index, Principals);
        migration.DropColumn("previous_refresh_token_until", Principals);
        migration.DropColumn("previous_refresh_token_hash", Principals);
    }
}
