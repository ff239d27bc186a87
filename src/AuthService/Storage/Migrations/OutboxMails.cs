using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the mails that wait to be sent, and when the last mails of each kind were sent to an address.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261128061500_OutboxMails")]
internal sealed class OutboxMails : Migration
{
    private const string Mails = "outbox_mails";
    private const string Budgets = "mail_budgets";

    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            Mails,
            table => new
            {
                id = table.Column<Guid>(),
                kind = table.Column<string>(),
                key_id = table.Column<string>(),
                sealed_content = table.Column<byte[]>(),
                created_at = table.Column<long>(),
                next_attempt_at = table.Column<long>(),
                attempts = table.Column<int>(),
                claimed_until = table.Column<long>(nullable: true),
                expire_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("PK_outbox_mails", mail => mail.id));
        migration.CreateIndex("IX_outbox_mails_next_attempt_at", Mails, "next_attempt_at");
        migration.CreateIndex("IX_outbox_mails_expire_at", Mails, "expire_at");
        migration.CreateTable(
            Budgets,
            table => new
            {
                key_hash = table.Column<byte[]>(),
                last_at = table.Column<long>(),
                second_last_at = table.Column<long>(),
                third_last_at = table.Column<long>(),
                expire_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("PK_mail_budgets", budget => budget.key_hash));
        migration.CreateIndex("IX_mail_budgets_expire_at", Budgets, "expire_at");
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.DropTable(Budgets);
        migration.DropTable(Mails);
    }
}
