using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>How often a code was wrong since one was right: an hour makes the others forgotten, and not this.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261130120200_WrongCodesInARow")]
internal sealed class WrongCodesInARow : Migration
{
    private const string Factors = "totp_factors";
    private const string Column = "wrong_in_a_row";

    protected override void Up(MigrationBuilder migration) => migration.AddColumn<int>(Column, Factors, defaultValue: 0);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn(Column, Factors);
}
