using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Creates the table of browsers with which people have signed in.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261128072000_KnownDevices")]
internal sealed class KnownDevices : Migration
{
    private const string Table = "known_devices";

    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            Table,
            table => new
            {
                key_hash = table.Column<byte[]>(),
                principal_number = table.Column<long>(),
                id = table.Column<Guid>(),
                security_stamp = table.Column<int>(nullable: true),
                name = table.Column<string>(),
                ip_address = table.Column<string>(nullable: true),
                trusted_at = table.Column<long>(nullable: true),
                first_seen_at = table.Column<long>(),
                last_seen_at = table.Column<long>(),
                expire_at = table.Column<long>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_known_devices", device => device.key_hash);
                table.ForeignKey(
                    "FK_known_devices_principals_principal_number", device => device.principal_number, "principals", "number",
                    onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("IX_known_devices_principal_number_id", Table, ["principal_number", "id"], unique: true);
        migration.CreateIndex("IX_known_devices_expire_at", Table, "expire_at");
    }

    protected override void Down(MigrationBuilder migration) => migration.DropTable(Table);
}
