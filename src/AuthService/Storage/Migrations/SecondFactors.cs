using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds second factors, the factors still required at a sign-in, and when and how the person of a session authenticated.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261128010000_SecondFactors")]
internal sealed class SecondFactors : Migration
{
    private const string Sessions = "sessions";
    private const string Factors = "totp_factors";
    private const string Codes = "recovery_codes";
    private const string Challenges = "sign_in_challenges";

    protected override void Up(MigrationBuilder migration)
    {
        migration.AddColumn<long>("authenticated_at", Sessions, nullable: true);
        migration.AddColumn<string>("authentication_methods", Sessions, nullable: true);
        CreateFactors(migration);
        CreateChallenges(migration);
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.DropTable(Challenges);
        migration.DropTable(Codes);
        migration.DropTable(Factors);
        migration.DropColumn("authentication_methods", Sessions);
        migration.DropColumn("authenticated_at", Sessions);
    }

    private static void CreateFactors(MigrationBuilder migration)
    {
        migration.CreateTable(
            Factors,
            table => new
            {
                principal_number = table.Column<long>(),
                key_id = table.Column<string>(),
                sealed_secret = table.Column<byte[]>(),
                last_step = table.Column<long>(),
                wrong_codes = table.Column<int>(),
                wrong_since = table.Column<long>(nullable: true),
                closed_until = table.Column<long>(nullable: true),
                connected_at = table.Column<long>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_totp_factors", factor => factor.principal_number);
                table.ForeignKey(
                    "FK_totp_factors_principals_principal_number", factor => factor.principal_number, "principals", "number",
                    onDelete: ReferentialAction.Cascade);
            });
        migration.CreateTable(
            Codes,
            table => new { code_hash = table.Column<byte[]>(), principal_number = table.Column<long>() },
            constraints: table =>
            {
                table.PrimaryKey("PK_recovery_codes", code => code.code_hash);
                table.ForeignKey(
                    "FK_recovery_codes_principals_principal_number", code => code.principal_number, "principals", "number",
                    onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("IX_recovery_codes_principal_number", Codes, "principal_number");
    }

    private static void CreateChallenges(MigrationBuilder migration)
    {
        migration.CreateTable(
            Challenges,
            table => new
            {
                id_hash = table.Column<byte[]>(),
                kind = table.Column<int>(),
                principal_number = table.Column<long>(nullable: true),
                security_stamp = table.Column<int>(),
                service = table.Column<string>(nullable: true),
                public_computer = table.Column<bool>(),
                session_id = table.Column<Guid>(nullable: true),
                key_id = table.Column<string>(nullable: true),
                sealed_secret = table.Column<byte[]>(nullable: true),
                state = table.Column<string>(nullable: true),
                attempts = table.Column<int>(),
                expire_at = table.Column<long>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_sign_in_challenges", challenge => challenge.id_hash);
                table.ForeignKey(
                    "FK_sign_in_challenges_principals_principal_number", challenge => challenge.principal_number, "principals", "number",
                    onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("IX_sign_in_challenges_principal_number", Challenges, "principal_number");
        migration.CreateIndex("IX_sign_in_challenges_expire_at", Challenges, "expire_at");
    }
}
