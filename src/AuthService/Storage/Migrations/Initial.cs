using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Creates the first tables. It is written by hand, with columns declared by CLR type, so that it works for both stores.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261122000000_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        CreatePrincipals(migration);
        CreateSessions(migration);
        CreateProductAccesses(migration);
        CreateStoredTokens(migration);
        CreateLockouts(migration);
        CreateClaims(migration);
        CreateAuditEvents(migration);
    }

    protected override void Down(MigrationBuilder migration)
    {
        foreach (var table in (string[])["audit_events", "claims", "lockouts", "stored_tokens", "product_accesses", "sessions", "principals"])
            migration.DropTable(table);
    }

    private static void CreatePrincipals(MigrationBuilder migration)
    {
        migration.CreateTable(
            "principals",
            table => new
            {
                number = table.Column<long>().NumberedByTheStore(),
                id = table.Column<string>(),
                folded_id = table.Column<string>(),
                uuid = table.Column<Guid>(),
                type = table.Column<int>(),
                role = table.Column<int>(),
                state = table.Column<int>(),
                first_names = table.Column<string>(nullable: true),
                last_name = table.Column<string>(nullable: true),
                email = table.Column<string>(nullable: true),
                org_id = table.Column<string>(nullable: true),
                locale = table.Column<string>(nullable: true),
                search_text = table.Column<string>(),
                can_impersonate = table.Column<bool>(),
                agreement_accepted = table.Column<bool>(),
                password_reset_requested = table.Column<bool>(),
                services = table.Column<string>(nullable: true),
                password_hash = table.Column<string>(nullable: true),
                locked_until = table.Column<long>(nullable: true),
                refresh_token_hash = table.Column<byte[]>(nullable: true),
                security_stamp = table.Column<int>(),
                created_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("PK_principals", p => p.number));
        migration.CreateIndex("IX_principals_folded_id", "principals", "folded_id", unique: true);
        migration.CreateIndex("IX_principals_id", "principals", "id", unique: true);
        migration.CreateIndex("IX_principals_uuid", "principals", "uuid", unique: true);
        migration.CreateIndex("IX_principals_refresh_token_hash", "principals", "refresh_token_hash", unique: true);
    }

    private static void CreateSessions(MigrationBuilder migration)
    {
        migration.CreateTable(
            "sessions",
            table => new
            {
                id = table.Column<Guid>(),
                principal_number = table.Column<long>(),
                security_stamp = table.Column<int>(),
                actor_number = table.Column<long>(nullable: true),
                actor_stamp = table.Column<int>(nullable: true),
                state = table.Column<int>(),
                created_at = table.Column<long>(),
                last_used_at = table.Column<long>(),
                suspend_at = table.Column<long>(),
                expire_at = table.Column<long>(),
                idle_timeout = table.Column<long>(),
                ip_address = table.Column<string>(nullable: true),
                user_agent = table.Column<string>(nullable: true),
                location = table.Column<string>(nullable: true),
                public_computer = table.Column<bool>(),
                mobile_device = table.Column<bool>(),
                cookie_domain = table.Column<string>(nullable: true),
                sso_provider = table.Column<string>(nullable: true),
                sso_identifier = table.Column<string>(nullable: true),
                refresh_token_hash = table.Column<byte[]>(nullable: true),
                mode = table.Column<int>(),
                scopes = table.Column<string>(),
                access_token_lifetime = table.Column<long>(nullable: true),
                extended_by_chain = table.Column<string>(nullable: true),
                extended_from = table.Column<Guid>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_sessions", s => s.id);
                table.ForeignKey(
                    "FK_sessions_principals_principal_number", s => s.principal_number, "principals", "number", onDelete: ReferentialAction.Cascade);
                table.ForeignKey("FK_sessions_principals_actor_number", s => s.actor_number, "principals", "number", onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("IX_sessions_refresh_token_hash", "sessions", "refresh_token_hash", unique: true);
        migration.CreateIndex("IX_sessions_principal_number_created_at", "sessions", ["principal_number", "created_at"]);
        migration.CreateIndex("IX_sessions_actor_number", "sessions", "actor_number", filter: "actor_number IS NOT NULL");
        migration.CreateIndex("IX_sessions_expire_at", "sessions", "expire_at");
    }

    private static void CreateProductAccesses(MigrationBuilder migration) => migration.CreateTable(
        "product_accesses",
        table => new { session_id = table.Column<Guid>(), product = table.Column<string>(), granted_at = table.Column<long>() },
        constraints: table =>
        {
            table.PrimaryKey("PK_product_accesses", access => new { access.session_id, access.product });
            table.ForeignKey("FK_product_accesses_sessions_session_id", access => access.session_id, "sessions", "id", onDelete: ReferentialAction.Cascade);
        });

    private static void CreateStoredTokens(MigrationBuilder migration) => migration.CreateTable(
        "stored_tokens",
        table => new
        {
            session_id = table.Column<Guid>(),
            token_id = table.Column<string>(),
            key_id = table.Column<string>(),
            sealed_value = table.Column<byte[]>(),
        },
        constraints: table =>
        {
            table.PrimaryKey("PK_stored_tokens", token => new { token.session_id, token.token_id });
            table.ForeignKey("FK_stored_tokens_sessions_session_id", token => token.session_id, "sessions", "id", onDelete: ReferentialAction.Cascade);
        });

    private static void CreateLockouts(MigrationBuilder migration)
    {
        migration.CreateTable(
            "lockouts",
            table => new
            {
                name_hash = table.Column<byte[]>(),
                version = table.Column<Guid>(),
                attempts = table.Column<string>(),
                judging = table.Column<int>(),
                severity = table.Column<int>(),
                locked_until = table.Column<long>(nullable: true),
                forget_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("PK_lockouts", row => row.name_hash));
        migration.CreateIndex("IX_lockouts_forget_at", "lockouts", "forget_at");
    }

    private static void CreateClaims(MigrationBuilder migration)
    {
        migration.CreateTable(
            "claims",
            table => new { jti_hash = table.Column<byte[]>(), forget_at = table.Column<long>() },
            constraints: table => table.PrimaryKey("PK_claims", claim => claim.jti_hash));
        migration.CreateIndex("IX_claims_forget_at", "claims", "forget_at");
    }

    private static void CreateAuditEvents(MigrationBuilder migration)
    {
        migration.CreateTable(
            "audit_events",
            table => new
            {
                number = table.Column<long>().NumberedByTheStore(),
                at = table.Column<long>(),
                @event = table.Column<string>(),
                outcome = table.Column<int>(),
                actor = table.Column<string>(nullable: true),
                principal = table.Column<string>(nullable: true),
                session_id = table.Column<Guid>(nullable: true),
                ip_address = table.Column<string>(nullable: true),
                detail = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_audit_events", e => e.number));
        migration.CreateIndex("IX_audit_events_principal_number", "audit_events", ["principal", "number"]);
        migration.CreateIndex("IX_audit_events_actor_number", "audit_events", ["actor", "number"]);
        migration.CreateIndex("IX_audit_events_at", "audit_events", "at");
    }
}
