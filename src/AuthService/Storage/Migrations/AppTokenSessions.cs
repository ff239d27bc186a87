using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the session id with which an app token was created, so that an expire-all can expire the app tokens of one session.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261127180000_AppTokenSessions")]
internal sealed class AppTokenSessions : Migration
{
    private const string Table = "app_tokens";
    private const string Index = "IX_app_tokens_application_number_session_id";

    protected override void Up(MigrationBuilder migration)
    {
        migration.AddColumn<string>("session_id", Table, nullable: true);
        migration.CreateIndex(Index, Table, ["application_number", "session_id"], filter: "session_id IS NOT NULL");
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.DropIndex(Index, Table);
        migration.DropColumn("session_id", Table);
    }
}
