using System.Globalization;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Hostile;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>Reads every row of every table as text, to search for values that must not be there.</summary>
internal static partial class StoreContents
{
    private const string SqliteTables = "SELECT name FROM sqlite_master WHERE type = 'table'";
    private const string PostgresTables = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'";

    /// <param name="butDoesHold">A text that is in the database, which shows that the search works.</param>
    public static async Task ExpectNoneOfAsync(TestDatabase database, IEnumerable<string> secrets, string butDoesHold)
    {
        var rows = await ReadAsync(database);
        var canaries = new Secrets();
        foreach (var (i, secret) in secrets.Index())
            canaries.Add($"secret {i}", secret).Add($"secret {i} without its prefix", Prefix().Replace(secret, ""));

        Assert.Contains(rows, row => row.Contains(butDoesHold, StringComparison.Ordinal));
        canaries.ExpectNoneIn("the database", rows);
    }

    /// <summary>Reads the files of a SQLite store and its write-ahead log, which may still contain deleted data. Empty for PostgreSQL.</summary>
    public static List<string> ReadFiles(TestDatabase database) => database.IsPostgres
        ? []
        : [.. Directory.GetFiles(Path.GetDirectoryName(new SqliteConnectionStringBuilder(database.ConnectionString).DataSource)!).Select(ReadFile)];

    /// <summary>Finds the prefix of a secret. The secret must not appear without it either.</summary>
    [GeneratedRegex("^(rt|sk|appsk)_", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Prefix();

    /// <summary>Reads the rows, one text each.</summary>
    public static async Task<List<string>> ReadAsync(TestDatabase database)
    {
        await using System.Data.Common.DbConnection connection = database.IsPostgres
            ? new NpgsqlConnection(database.ConnectionString)
            : new SqliteConnection(database.ConnectionString);
        await connection.OpenAsync();
        var rows = new List<string>();
        foreach (var table in await ReadAsync(connection, database.IsPostgres ? PostgresTables : SqliteTables))
            rows.AddRange(await ReadAsync(connection, $"SELECT * FROM {table}"));
        return rows;
    }

    private static async Task<List<string>> ReadAsync(System.Data.Common.DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue).Select(Show)));
        return rows;
    }

    /// <summary>Reads a file as hexadecimal digits and as the text in it.</summary>
    private static string ReadFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return $"{Convert.ToHexString(bytes)} {System.Text.Encoding.UTF8.GetString(bytes)}";
    }

    private static string? Show(object value) => value switch
    {
        byte[] bytes => $"{Convert.ToHexString(bytes)} {System.Text.Encoding.UTF8.GetString(bytes)}",
        Array many => string.Join(',', many.Cast<object>().Select(Show)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
