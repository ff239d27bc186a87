using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the time when an API key expires. Older API keys do not expire.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261128004500_ApiKeyExpiry")]
internal sealed class ApiKeyExpiry : Migration
{
    private const string Table = "api_keys";
    private const string Column = "expire_at";

    protected override void Up(MigrationBuilder migration) => migration.AddColumn<long>(Column, Table, nullable: true);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn(Column, Table);
}
