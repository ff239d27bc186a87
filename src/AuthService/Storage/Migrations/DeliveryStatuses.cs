using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>The failed deliveries of a webhook are read from an index. Without it the store reads all that the webhook has.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261130130000_DeliveryStatuses")]
internal sealed class DeliveryStatuses : Migration
{
    private const string Index = "IX_webhook_deliveries_webhook_id_status_created_at_number";
    private const string Deliveries = "webhook_deliveries";

    protected override void Up(MigrationBuilder migration) =>
        migration.CreateIndexUnlessCreated(Index, Deliveries, ["webhook_id", "status", "created_at", "number"]);

    protected override void Down(MigrationBuilder migration) => migration.DropIndex(Index, Deliveries);
}
