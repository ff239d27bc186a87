using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the account at an identity provider to the links of notices: "It wasn't me" removes an account that was linked.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261129141000_IdentityNotices")]
internal sealed class IdentityNotices : Migration
{
    private const string Column = "identity_id";
    private const string Notices = "notice_links";

    protected override void Up(MigrationBuilder migration) => migration.AddColumn<Guid>(Column, Notices, nullable: true);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn(Column, Notices);
}
