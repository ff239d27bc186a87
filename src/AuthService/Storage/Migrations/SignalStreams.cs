using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Creates the tables of the streams of shared signals and of the SETs that wait for their receivers.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261129100000_SignalStreams")]
internal sealed class SignalStreams : Migration
{
    private const string Streams = "signal_streams";
    private const string Sets = "signal_sets";

    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            Streams,
            table => new
            {
                id = table.Column<Guid>(),
                principal_number = table.Column<long>(),
                events_requested = table.Column<string>(nullable: true),
                description = table.Column<string>(nullable: true),
                status = table.Column<int>(),
                reason = table.Column<string>(nullable: true),
                endpoint_url = table.Column<string>(nullable: true),
                key_id = table.Column<string>(nullable: true),
                sealed_authorization = table.Column<byte[]>(nullable: true),
                created_at = table.Column<long>(),
                verified_at = table.Column<long>(nullable: true),
                next_attempt_at = table.Column<long>(),
                claims = table.Column<int>(),
                claimed_until = table.Column<long>(nullable: true),
                failures = table.Column<int>(),
                failing_since = table.Column<long>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_signal_streams", stream => stream.id);
                table.ForeignKey("FK_signal_streams_principals_principal_number", stream => stream.principal_number, "principals", "number");
            });
        migration.CreateIndex("IX_signal_streams_principal_number", Streams, "principal_number");
        migration.CreateTable(
            Sets,
            table => new
            {
                number = table.Column<long>().NumberedByTheStore(),
                id = table.Column<Guid>(),
                stream_id = table.Column<Guid>(),
                @event = table.Column<string>(),
                claims = table.Column<string>(),
                created_at = table.Column<long>(),
                refusals = table.Column<int>(),
                expire_at = table.Column<long>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_signal_sets", set => set.number);
                table.ForeignKey(
                    "FK_signal_sets_signal_streams_stream_id", set => set.stream_id, Streams, "id", onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("IX_signal_sets_id", Sets, "id", unique: true);
        migration.CreateIndex("IX_signal_sets_stream_id_number", Sets, ["stream_id", "number"]);
        migration.CreateIndex("IX_signal_sets_expire_at", Sets, "expire_at");
        if (migration.IsNpgsql())
            migration.Sql($"ALTER TABLE {Sets} SET (autovacuum_vacuum_scale_factor = 0.02)");
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.DropTable(Sets);
        migration.DropTable(Streams);
    }
}
