using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the accounts of people at identity providers, and the provider's session from which a session came.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261129130000_IdentityLinks")]
internal sealed class IdentityLinks : Migration
{
    private const string Table = "identity_links";
    private const string Sessions = "sessions";

    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            Table,
            table => new
            {
                id = table.Column<Guid>(),
                principal_number = table.Column<long>(),
                issuer = table.Column<string>(),
                subject = table.Column<string>(),
                provider = table.Column<string>(),
                name = table.Column<string>(nullable: true),
                created_at = table.Column<long>(),
                last_used_at = table.Column<long>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_identity_links", link => link.id);
                table.ForeignKey(
                    "FK_identity_links_principals_principal_number", link => link.principal_number, "principals", "number",
                    onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("IX_identity_links_issuer_subject", Table, ["issuer", "subject"], unique: true);
        migration.CreateIndex("IX_identity_links_principal_number", Table, "principal_number");
        migration.AddTextUnlessAdded("sso_session_id", Sessions);
        migration.CreateIndexUnlessCreated("IX_sessions_sso_session_id", Sessions, ["sso_session_id"], filter: "sso_session_id IS NOT NULL");
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.DropIndex("IX_sessions_sso_session_id", Sessions);
        migration.DropColumn("sso_session_id", Sessions);
        migration.DropTable(Table);
    }
}
