using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Creates the tables of applications, app tokens, API keys and the responses kept for idempotency keys.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261122060000_Applications")]
internal sealed class Applications : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        CreateApplications(migration);
        CreateAppTokens(migration);
        CreateApiKeys(migration);
        CreateKeptAnswers(migration);
    }

    protected override void Down(MigrationBuilder migration)
    {
        foreach (var table in (string[])["kept_answers", "api_keys", "app_tokens", "applications"])
            migration.DropTable(table);
    }

    private static void CreateApplications(MigrationBuilder migration)
    {
        migration.CreateTable(
            "applications",
            table => new
            {
                number = table.Column<long>().NumberedByTheStore(),
                id = table.Column<string>(),
                uid = table.Column<string>(nullable: true),
                name = table.Column<string>(),
                metadata = table.Column<string>(),
                rate_limit = table.Column<int>(nullable: true),
                created_at = table.Column<long>(),
                updated_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("PK_applications", a => a.number));
        migration.CreateIndex("IX_applications_id", "applications", "id", unique: true);
        migration.CreateIndex("IX_applications_uid", "applications", "uid", unique: true);
    }

    private static void CreateAppTokens(MigrationBuilder migration)
    {
        migration.CreateTable(
            "app_tokens",
            table => new
            {
                hash = table.Column<byte[]>(),
                application_number = table.Column<long>(),
                feature_flags = table.Column<string>(nullable: true),
                created_at = table.Column<long>(),
                expire_at = table.Column<long>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_app_tokens", token => token.hash);
                table.ForeignKey(
                    "FK_app_tokens_applications_application_number",
                    token => token.application_number,
                    "applications",
                    "number",
                    onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("IX_app_tokens_application_number_expire_at", "app_tokens", ["application_number", "expire_at"]);
        migration.CreateIndex("IX_app_tokens_expire_at", "app_tokens", "expire_at");
    }

    private static void CreateApiKeys(MigrationBuilder migration)
    {
        migration.CreateTable(
            "api_keys",
            table => new
            {
                id = table.Column<Guid>(),
                principal_number = table.Column<long>(),
                name = table.Column<string>(),
                prefix = table.Column<string>(),
                hash = table.Column<byte[]>(),
                created_at = table.Column<long>(),
                last_used_at = table.Column<long>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_api_keys", key => key.id);
                table.ForeignKey(
                    "FK_api_keys_principals_principal_number", key => key.principal_number, "principals", "number", onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("IX_api_keys_hash", "api_keys", "hash", unique: true);
        migration.CreateIndex("IX_api_keys_principal_number", "api_keys", "principal_number");
    }

    private static void CreateKeptAnswers(MigrationBuilder migration)
    {
        migration.CreateTable(
            "kept_answers",
            table => new
            {
                key_hash = table.Column<byte[]>(),
                request_hash = table.Column<byte[]>(),
                key_id = table.Column<string>(),
                sealed_answer = table.Column<byte[]>(),
                forget_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("PK_kept_answers", answer => answer.key_hash));
        migration.CreateIndex("IX_kept_answers_forget_at", "kept_answers", "forget_at");
    }
}
