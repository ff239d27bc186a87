using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthService.Storage.Migrations;

/// <summary>
/// Changes of large tables. A migration that creates an index locks the table against writing, so an operator of PostgreSQL may create the index before
/// the upgrade, without that lock (src/AuthService/OPERATIONS.md#upgrades). SQLite has no such way.
/// </summary>
internal static class LargeTables
{
    /// <summary>Adds a nullable column of text.</summary>
    public static void AddTextUnlessAdded(this MigrationBuilder migration, string column, string table)
    {
        if (migration.IsNpgsql())
            migration.Sql($"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} text");
        else
            migration.AddColumn<string>(column, table, nullable: true);
    }

    public static void CreateIndexUnlessCreated(this MigrationBuilder migration, string name, string table, string[] columns, string? filter = null)
    {
        if (!migration.IsNpgsql())
        {
            migration.CreateIndex(name, table, columns, filter: filter);
            return;
        }

        // What an interrupted CREATE INDEX CONCURRENTLY leaves has the name, and no query uses it.
        migration.Sql(
            $"""
            DO $$ BEGIN
                IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('"{name}"') AND NOT indisvalid) THEN DROP INDEX "{name}"; END IF;
            END $$
            """);
        var where = filter is null ? "" : $" WHERE {filter}";
        migration.Sql($"CREATE INDEX IF NOT EXISTS \"{name}\" ON {table} ({string.Join(", ", columns)}){where}");
    }
}
