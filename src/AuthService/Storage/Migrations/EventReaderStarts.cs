using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>Adds the last entry that a reader of the audit log skips. Entries that came with a backup have positions of another server.</summary>
[DbContext(typeof(AuthDbContext))]
[Migration("20261130100000_EventReaderStarts")]
internal sealed class EventReaderStarts : Migration
{
    protected override void Up(MigrationBuilder migration) => migration.AddColumn<long>("skipped_to", "event_readers", defaultValue: 0L);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn("skipped_to", "event_readers");
}
