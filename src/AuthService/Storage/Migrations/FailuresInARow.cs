using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the number of wrong passwords since the last right one. Locks are forgotten after a while, this number is not.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261128003000_FailuresInARow")]
internal sealed class FailuresInARow : Migration
{
    private const string Table = "lockouts";
    private const string Column = "failures_in_a_row";

    protected override void Up(MigrationBuilder migration) => migration.AddColumn<int>(Column, Table, defaultValue: 0);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn(Column, Table);
}
