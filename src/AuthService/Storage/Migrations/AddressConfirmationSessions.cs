using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the session in which a change of the e-mail address was requested.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261130120100_AddressConfirmationSessions")]
internal sealed class AddressConfirmationSessions : Migration
{
    private const string Column = "session_id";
    private const string Confirmations = "address_confirmations";

    protected override void Up(MigrationBuilder migration) => migration.AddColumn<Guid>(Column, Confirmations, nullable: true);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn(Column, Confirmations);
}
