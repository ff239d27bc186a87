using System.Globalization;
using AuthService.ApiTests.Hosting;
using Npgsql;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// The changes of a call in PostgreSQL: the number of rows in each table and a digest of their contents. Tables and columns that are not read are
/// listed here with the reason. New tables and columns are read.
/// </summary>
internal sealed record Footprint(IReadOnlyDictionary<string, (long Count, string Digest)> Tables)
{
    /// <summary>The table that counts the rows that were added to one of <see cref="Passing"/>.</summary>
    public const string Added = "footprint_added";

    /// <summary>The tables that say nothing about a call, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Unread { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["event_readers"] = "how far workers have come in the audit log",
        ["webhook_deliveries"] = "written by the worker that reads the audit log, whenever it comes to it; DeliveryChecker judges that",
        ["signal_sets"] = "the same",
        ["refused_calls"] = "written after the answer, in batches",
        ["lockouts"] = "an attempt counts before it is judged, and stays counted where nobody has learned the verdict",
        [Added] = "is counted with the table that it is about",
    };

    /// <summary>The tables from which a worker removes every row as soon as it can. Added rows are counted instead of the rows that are there.</summary>
    public static IReadOnlyCollection<string> Passing { get; } = ["outbox_mails", "recovery_requests"];

    /// <summary>The columns that say nothing about a call, by table.</summary>
    public static IReadOnlyDictionary<string, (string Why, string[] Columns)> UnreadColumns { get; } =
        new Dictionary<string, (string, string[])>(StringComparer.Ordinal)
        {
            ["principals"] = ("what a lockout keeps up to date", ["locked_until"]),
            ["sessions"] = ("that it was used", ["last_used_at", "suspend_at"]),
            ["api_keys"] = ("the same", ["last_used_at"]),
            ["identity_links"] = ("the same", ["last_used_at"]),
            ["passkeys"] = ("the same", ["last_used_at", "sign_count"]),
            ["known_devices"] = ("the same", ["last_seen_at", "expire_at"]),
            ["totp_factors"] =
            (
                "a code counts before it is judged",
                ["last_step", "wrong_codes", "wrong_since", "last_wrong_at", "closed_until", "wrong_in_a_row"]),
            ["sign_in_challenges"] = ("the same", ["attempts"]),
            ["webhooks"] = ("kept by the worker that delivers", ["failing_since"]),
            ["signal_streams"] = ("kept by the worker that pushes", ["next_attempt_at", "claims", "claimed_until", "failures", "failing_since"]),
        };

    public static async Task<Footprint> TakeAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(Kept(database.ConnectionString));
        await connection.OpenAsync();
        await CountAddedAsync(connection);
        var sql = string.Join(" UNION ALL ", (await ListTablesAsync(connection)).Where(table => !Unread.ContainsKey(table)).Select(ToSql));
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new Dictionary<string, (long, string)>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
            tables.Add(reader.GetString(0), (reader.GetInt64(1), reader.GetString(2)));
        return new Footprint(tables);
    }

    /// <summary>Describes the changes by table, for example "sessions +1, webhooks changed". Empty when nothing changed.</summary>
    public string Since(Footprint before)
    {
        var changes = from table in Tables.Keys.Order(StringComparer.Ordinal)
                      let now = Tables[table]
                      let then = before.Tables[table]
                      let more = now.Count - then.Count
                      where now != then
                      select more == 0 ? $"{table} changed" : string.Create(CultureInfo.InvariantCulture, $"{table} {more:+0;-0}");
        return string.Join(", ", changes);
    }

    /// <summary>Keeps the connection and the plans of its statements, because some tests take a thousand footprints.</summary>
    private static string Kept(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = true, MaxAutoPrepare = 4, AutoPrepareMinUsages = 2 }.ConnectionString;

    private static string ToSql(string table)
    {
        if (Passing.Contains(table, StringComparer.Ordinal))
            return $"SELECT '{table}', count(*), '' FROM {Added} WHERE added_to = '{table}'";
        var columns = string.Join(',', UnreadColumns.TryGetValue(table, out var unread) ? unread.Columns : []);
        return $"""
            SELECT '{table}', count(*), COALESCE(md5(string_agg(digest, '' ORDER BY digest)), '')
            FROM (SELECT md5((to_jsonb(t) - string_to_array('{columns}', ','))::text) AS digest FROM "{table}" AS t) AS digests
            """;
    }

    private static async Task<List<string>> ListTablesAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await reader.ReadAsync())
            tables.Add(reader.GetString(0));
        return tables;
    }

    /// <summary>Creates triggers that count added rows in the transaction that adds them.</summary>
    private static async Task CountAddedAsync(NpgsqlConnection connection)
    {
        await using var asking = new NpgsqlCommand($"SELECT to_regclass('{Added}') IS NOT NULL", connection);
        if (await asking.ExecuteScalarAsync() is true)
            return;
        var triggers = Passing.Select(table =>
            $"CREATE TRIGGER {Added} AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {Added}()");
        var sql = $"""
            CREATE TABLE {Added} (added_to text);
            CREATE FUNCTION {Added}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO {Added} VALUES (TG_TABLE_NAME);
                RETURN NULL;
            END $$;
            {string.Join(';', triggers)}
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
