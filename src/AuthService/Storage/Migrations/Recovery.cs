using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the e-mail addresses by which people are found, their requests by mail, and the links that were sent to them.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261128064000_Recovery")]
internal sealed class Recovery : Migration
{
    private const string Principals = "principals";
    private const string Resets = "password_resets";
    private const string Requests = "recovery_requests";
    private const string Confirmations = "address_confirmations";
    private const string Notices = "notice_links";

    protected override void Up(MigrationBuilder migration)
    {
        migration.AddColumn<string>("folded_email", Principals, nullable: true);
        migration.AddColumn<long>("email_verified_at", Principals, nullable: true);
        migration.Sql("UPDATE principals SET folded_email = lower(trim(email)) WHERE email IS NOT NULL");
        migration.CreateIndex("IX_principals_folded_email", Principals, "folded_email");
        migration.AddColumn<string>("folded_email", Resets, nullable: true);
        CreateRequests(migration);
        CreateConfirmations(migration);
        CreateNotices(migration);
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.DropTable(Notices);
        migration.DropTable(Confirmations);
        migration.DropTable(Requests);
        migration.DropColumn("folded_email", Resets);
        migration.DropIndex("IX_principals_folded_email", Principals);
        migration.DropColumn("email_verified_at", Principals);
        migration.DropColumn("folded_email", Principals);
    }

    private static void CreateRequests(MigrationBuilder migration)
    {
        migration.CreateTable(
            Requests,
            table => new
            {
                id = table.Column<Guid>(),
                folded_email = table.Column<string>(),
                ip_address = table.Column<string>(nullable: true),
                expire_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("PK_recovery_requests", request => request.id));
        migration.CreateIndex("IX_recovery_requests_expire_at", Requests, "expire_at");
    }

    private static void CreateConfirmations(MigrationBuilder migration)
    {
        migration.CreateTable(
            Confirmations,
            table => new
            {
                token_hash = table.Column<byte[]>(),
                principal_number = table.Column<long>(),
                security_stamp = table.Column<int>(),
                address = table.Column<string>(),
                replaced = table.Column<string>(nullable: true),
                expire_at = table.Column<long>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_address_confirmations", confirmation => confirmation.token_hash);
                table.ForeignKey(
                    "FK_address_confirmations_principals_principal_number", confirmation => confirmation.principal_number, Principals, "number",
                    onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("IX_address_confirmations_principal_number", Confirmations, "principal_number");
        migration.CreateIndex("IX_address_confirmations_expire_at", Confirmations, "expire_at");
    }

    private static void CreateNotices(MigrationBuilder migration)
    {
        migration.CreateTable(
            Notices,
            table => new
            {
                token_hash = table.Column<byte[]>(),
                principal_number = table.Column<long>(),
                address = table.Column<string>(),
                passkey_id = table.Column<Guid>(nullable: true),
                removes_totp = table.Column<bool>(),
                expire_at = table.Column<long>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_notice_links", link => link.token_hash);
                table.ForeignKey(
                    "FK_notice_links_principals_principal_number", link => link.principal_number, Principals, "number",
                    onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("IX_notice_links_principal_number", Notices, "principal_number");
        migration.CreateIndex("IX_notice_links_expire_at", Notices, "expire_at");
    }
}
