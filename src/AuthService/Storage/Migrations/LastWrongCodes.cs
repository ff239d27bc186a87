using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the time when the last wrong code of an authenticator app was checked.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261129150000_LastWrongCodes")]
internal sealed class LastWrongCodes : Migration
{
    private const string Factors = "totp_factors";
    private const string Column = "last_wrong_at";

    protected override void Up(MigrationBuilder migration) => migration.AddColumn<long>(Column, Factors, nullable: true);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn(Column, Factors);
}
