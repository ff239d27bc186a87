using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Creates the tables of webhooks and of their deliveries.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261129100000_Webhooks")]
internal sealed class Webhooks : Migration
{
    private const string Table = "webhooks";
    private const string Deliveries = "webhook_deliveries";

    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            Table,
            table => new
            {
                id = table.Column<Guid>(),
                url = table.Column<string>(),
                description = table.Column<string>(nullable: true),
                events = table.Column<string>(nullable: true),
                enabled = table.Column<bool>(),
                disabled_at = table.Column<long>(nullable: true),
                disabled_reason = table.Column<int>(nullable: true),
                failing_since = table.Column<long>(nullable: true),
                key_id = table.Column<string>(),
                sealed_secret = table.Column<byte[]>(),
                previous_key_id = table.Column<string>(nullable: true),
                previous_sealed_secret = table.Column<byte[]>(nullable: true),
                previous_secret_until = table.Column<long>(nullable: true),
                created_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("PK_webhooks", webhook => webhook.id));
        migration.CreateTable(
            Deliveries,
            table => new
            {
                number = table.Column<long>().NumberedByTheStore(),
                webhook_id = table.Column<Guid>(),
                id = table.Column<string>(),
                @event = table.Column<string>(),
                payload = table.Column<string>(),
                created_at = table.Column<long>(),
                status = table.Column<int>(),
                attempts = table.Column<int>(),
                attempts_before = table.Column<int>(),
                next_attempt_at = table.Column<long>(nullable: true),
                claimed_until = table.Column<long>(nullable: true),
                give_up_at = table.Column<long>(),
                forget_at = table.Column<long>(),
                log = table.Column<string>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_webhook_deliveries", delivery => delivery.number);
                table.ForeignKey(
                    "FK_webhook_deliveries_webhooks_webhook_id", delivery => delivery.webhook_id, Table, "id", onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("IX_webhook_deliveries_webhook_id_id", Deliveries, ["webhook_id", "id"], unique: true);
        migration.CreateIndex("IX_webhook_deliveries_webhook_id_created_at_number", Deliveries, ["webhook_id", "created_at", "number"]);
        migration.CreateIndex(
            "IX_webhook_deliveries_webhook_id_next_attempt_at", Deliveries, ["webhook_id", "next_attempt_at"], filter: "next_attempt_at IS NOT NULL");
        migration.CreateIndex("IX_webhook_deliveries_forget_at", Deliveries, "forget_at");
        if (migration.IsNpgsql())
            migration.Sql($"ALTER TABLE {Deliveries} SET (autovacuum_vacuum_scale_factor = 0.02)");
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.DropTable(Deliveries);
        migration.DropTable(Table);
    }
}
