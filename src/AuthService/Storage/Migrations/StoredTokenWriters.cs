using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds who wrote a stored token and so may read it. The writers of older ones are unknown; administrators can reach these.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261127200000_StoredTokenWriters")]
internal sealed class StoredTokenWriters : Migration
{
    private const string Table = "stored_tokens";
    private const string Column = "writer_number";

    protected override void Up(MigrationBuilder migration) => migration.AddColumn<long>(Column, Table, nullable: true);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn(Column, Table);
}
