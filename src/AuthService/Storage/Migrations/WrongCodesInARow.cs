using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the number of wrong codes since the last right one. Other counts are forgotten after an hour, this one is not.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261130120200_WrongCodesInARow")]
internal sealed class WrongCodesInARow : Migration
{
    private const string Factors = "totp_factors";
    private const string Column = "wrong_in_a_row";

    protected override void Up(MigrationBuilder migration) => migration.AddColumn<int>(Column, Factors, defaultValue: 0);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn(Column, Factors);
}
