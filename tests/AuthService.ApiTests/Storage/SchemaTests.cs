using System.Data.Common;
using AuthService.ApiTests.Hosting;
using AuthService.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>One set of migrations works for both stores. On each store it must create the schema that the model describes.</summary>
public abstract class SchemaTests(AuthHost host)
{
    private const string SqliteSchema =
        """
        SELECT 'column ' || t.name || '.' || c.name || ' ' || c.type || ' notnull=' || c."notnull" || ' default=' || coalesce(c.dflt_value, '')
               || ' key=' || c.pk || ' hidden=' || c.hidden
          FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE '\_\_EF%' ESCAPE '\'
        UNION ALL
        SELECT 'index ' || t.name || '.' || i.name || ' unique=' || i."unique" || ' origin=' || i.origin || ' ' || x.seqno || '=' || coalesce(x.name, '?')
               || ' desc=' || x.desc || ' ' || x.coll
          FROM sqlite_master t JOIN pragma_index_list(t.name) i JOIN pragma_index_xinfo(i.name) x
         WHERE t.type = 'table' AND x.key AND t.name NOT LIKE '\_\_EF%' ESCAPE '\'
        UNION ALL
        SELECT 'foreign key ' || t.name || '.' || f."from" || ' to ' || f."table" || '.' || f."to" || ' update=' || f.on_update || ' delete=' || f.on_delete
          FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
        UNION ALL
        SELECT 'sql ' || name || ' ' || sql FROM sqlite_master WHERE type NOT IN ('table', 'trigger') AND sql IS NOT NULL
        UNION ALL
        SELECT 'autoincrement ' || name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'
        """;

    private const string PostgresSchema =
        """
        SELECT 'column ' || t.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' notnull=' || a.attnotnull
               || ' default=' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' identity=' || a.attidentity::text || ' generated=' || a.attgenerated::text
               || ' collation=' || a.attcollation
          FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE t.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\_\_EF%'
        UNION ALL
        SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\_\_EF%'
        UNION ALL
        SELECT 'constraint ' || conrelid::regclass || '.' || conname || ' ' || pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE '%\_\_EF%'
        UNION ALL
        SELECT 'sequence ' || sequencename || ' ' || data_type || ' from ' || start_value || ' by ' || increment_by
        FROM pg_sequences WHERE schemaname = 'public'
        """;

    [Fact]
    public async Task The_migrations_make_what_the_model_says()
    {
        await using var database = await TestDatabase.CreateAsync(host.Database.Store);
        await using (var context = new AuthDbContext(OptionsFor(database)))
            await context.Database.EnsureCreatedAsync();

        var ofTheModel = await ReadSchemaAsync(database);
        var ofTheMigrations = await ReadSchemaAsync(host.Database);

        string[] differences =
        [
            .. ofTheModel.Except(ofTheMigrations, StringComparer.Ordinal).Select(line => $"missing: {line}"),
            .. ofTheMigrations.Except(ofTheModel, StringComparer.Ordinal).Select(line => $"surplus: {line}"),
        ];
        Assert.NotEmpty(ofTheModel);
        Assert.True(differences.Length is 0, string.Join('\n', differences));
    }

    private static DbContextOptions<AuthDbContext> OptionsFor(TestDatabase database)
    {
        var options = new DbContextOptionsBuilder<AuthDbContext>();
        _ = database.IsPostgres ? options.UseNpgsql(database.ConnectionString) : options.UseSqlite(database.ConnectionString);
        return options.Options;
    }

    private static async Task<IReadOnlyCollection<string>> ReadSchemaAsync(TestDatabase database)
    {
        var postgres = database.IsPostgres;
        await using DbConnection connection = postgres ? new NpgsqlConnection(database.ConnectionString) : new SqliteConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = postgres ? PostgresSchema : SqliteSchema;
        await using var reader = await command.ExecuteReaderAsync();

        var lines = new SortedSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return lines;
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : SchemaTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : SchemaTests(store.Host);
}
