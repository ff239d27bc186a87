using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the revocation of all tokens that a principal has narrowed, for a principal that may no longer do so.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261130090000_ExtenderRevocations")]
internal sealed class ExtenderRevocations : Migration
{
    private const string Table = "identity_revocations";
    private const string Column = "extended_by";

    protected override void Up(MigrationBuilder migration) => migration.AddColumn<string>(Column, Table, nullable: true);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn(Column, Table);
}
