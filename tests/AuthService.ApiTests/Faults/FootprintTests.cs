using System.Data;
using AuthService.ApiTests.Hosting;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>The footprint misses only what it lists: every table and every column is read, or is left out by name.</summary>
public sealed class FootprintTests : IAsyncLifetime
{
    private const string Columns =
        """
        SELECT c.table_name, c.column_name, c.data_type, c.is_nullable = 'NO' AND c.column_default IS NULL AND c.is_identity = 'NO' AS is_needed
        FROM information_schema.columns AS c JOIN pg_tables AS t ON t.schemaname = c.table_schema AND t.tablename = c.table_name
        WHERE c.table_schema = 'public'
        ORDER BY c.table_name, c.ordinal_position
        """;

    private const string ForeignKeys =
        "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint WHERE contype = 'f'";

    private TestDatabase _database = null!;
    private ILookup<string, Column> _tables = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateMigratedAsync(Store.Postgres);
        foreach (var sql in await ReadAsync(ForeignKeys, row => row.GetString(0)))
            await _database.ExecuteAsync(sql);
        await Footprint.TakeAsync(_database); // creates the objects that it needs
        _tables = (await ReadAsync(Columns, row => (Table: row.GetString(0), Column: new Column(row.GetString(1), row.GetString(2), row.GetBoolean(3)))))
            .ToLookup(column => column.Table, column => column.Column, StringComparer.Ordinal);
        foreach (var table in _tables)
            await _database.ExecuteAsync($"DELETE FROM \"{table.Key}\""); // rows that a migration has inserted
    }

    [Fact]
    public async Task Every_table_is_read_or_left_out_by_name()
    {
        var read = (await Footprint.TakeAsync(_database)).Tables.Keys;

        Assert.Equal(_tables.Select(table => table.Key).Order(StringComparer.Ordinal), read.Concat(Footprint.Unread.Keys).Order(StringComparer.Ordinal));
        Assert.InRange(_tables.Count, 25, int.MaxValue);
    }

    [Fact]
    public void What_is_left_out_is_there()
    {
        Assert.All(Footprint.Passing, table => Assert.True(_tables.Contains(table), table));
        Assert.All(Footprint.UnreadColumns, unread => Assert.Subset(
            _tables[unread.Key].Select(column => column.Name).ToHashSet(StringComparer.Ordinal), unread.Value.Columns.ToHashSet(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_row_more_and_a_row_less_show_in_each_table_that_is_read()
    {
        foreach (var table in _tables)
        {
            var before = await Footprint.TakeAsync(_database);
            await AddRowAsync(table);
            var added = await Footprint.TakeAsync(_database);
            await _database.ExecuteAsync($"DELETE FROM \"{table.Key}\"");
            var deleted = await Footprint.TakeAsync(_database);

            Assert.Equal(Footprint.Unread.ContainsKey(table.Key) ? "" : $"{table.Key} +1", added.Since(before));
            Assert.Equal(Footprint.Unread.ContainsKey(table.Key) || IsPassing(table.Key) ? "" : $"{table.Key} -1", deleted.Since(added));
        }
    }

    [Fact]
    public async Task A_change_shows_in_each_column_that_is_read()
    {
        var columns = 0;
        foreach (var table in _tables.Where(table => !Footprint.Unread.ContainsKey(table.Key) && !IsPassing(table.Key)))
        {
            await AddRowAsync(table);
            foreach (var column in table.Where(column => !column.IsGenerated))
            {
                var before = await Footprint.TakeAsync(_database);
                await _database.ExecuteAsync($"UPDATE \"{table.Key}\" SET \"{column.Name}\" = {column.OtherValue}");
                var isRead = !Footprint.UnreadColumns.TryGetValue(table.Key, out var unread) || !unread.Columns.Contains(column.Name, StringComparer.Ordinal);
                Assert.Equal((column, isRead ? $"{table.Key} changed" : ""), (column, (await Footprint.TakeAsync(_database)).Since(before)));
                columns++;
            }
        }

        Assert.InRange(columns, 150, int.MaxValue);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    private static bool IsPassing(string table) => Footprint.Passing.Contains(table, StringComparer.Ordinal);

    private Task AddRowAsync(IGrouping<string, Column> table)
    {
        var needed = table.Where(column => column.IsNeeded).ToList();
        var names = string.Join(", ", needed.Select(column => $"\"{column.Name}\""));
        return _database.ExecuteAsync(needed.Count == 0
            ? $"INSERT INTO \"{table.Key}\" DEFAULT VALUES"
            : $"INSERT INTO \"{table.Key}\" ({names}) VALUES ({string.Join(", ", needed.Select(column => column.Value))})");
    }

    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }

    private sealed record Column(string Name, string Type, bool IsNeeded)
    {
        /// <summary>Whether the store generates the number, which no call changes.</summary>
        public bool IsGenerated => Name == "number" && !IsNeeded;

        public string Value => ValueOf("1", "x", "01", "FALSE");

        public string OtherValue => ValueOf("2", "y", "02", $"NOT COALESCE(\"{Name}\", FALSE)");

        private string ValueOf(string number, string text, string bytes, string truth) => Type switch
        {
            "bigint" or "integer" or "smallint" => number,
            "text" or "character varying" => $"'{text}'",
            "bytea" => $"'\\x{bytes}'",
            "uuid" => "gen_random_uuid()",
            "boolean" => truth,
            _ => throw new DataException($"A value of {Type} for {Name} is missing here"),
        };
    }
}
