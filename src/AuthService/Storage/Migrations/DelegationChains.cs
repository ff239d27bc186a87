using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds an index that finds the sessions that a service created from others by extension.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261129120000_DelegationChains")]
internal sealed class DelegationChains : Migration
{
    private const string Index = "IX_sessions_extended_by_chain";
    private const string Sessions = "sessions";
    private const string Chain = "extended_by_chain";

    protected override void Up(MigrationBuilder migration) => migration.CreateIndex(Index, Sessions, Chain, filter: $"{Chain} IS NOT NULL");

    protected override void Down(MigrationBuilder migration) => migration.DropIndex(Index, Sessions);
}
