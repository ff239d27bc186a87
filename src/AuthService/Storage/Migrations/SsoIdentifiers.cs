using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds an index that finds all sessions of a person who has signed out at an identity provider.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261129140000_SsoIdentifiers")]
internal sealed class SsoIdentifiers : Migration
{
    private const string Index = "IX_sessions_sso_identifier";
    private const string Sessions = "sessions";

    protected override void Up(MigrationBuilder migration) =>
        migration.CreateIndexUnlessCreated(Index, Sessions, ["sso_identifier"], filter: "sso_identifier IS NOT NULL");

    protected override void Down(MigrationBuilder migration) => migration.DropIndex(Index, Sessions);
}
