using AuthService.ApiTests.CommandLine;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Upgrades;

/// <summary>
/// An operator of a large store creates the new indexes before the upgrade, as src/AuthService/OPERATIONS.md#upgrades says, so that no session waits for
/// them.
/// </summary>
public sealed class IndexesBeforehandTests : IDisposable
{
    private const string Creation = "CREATE INDEX CONCURRENTLY IF NOT EXISTS ";

    private static readonly string[] Beginnings = ["ALTER TABLE sessions ADD COLUMN IF NOT EXISTS ", Creation];

    private readonly ServiceFolder _now = new();

    public static TheoryData<string> Released => ReleasedSchema.All;

    [Theory]
    [MemberData(nameof(Released))]
    public async Task They_are_kept(string lastMigration)
    {
        await using var database = await ReleasedSchema.CreateAsync(Store.Postgres, lastMigration);
        var names = await CreateIndexesAsync(database);
        var before = await ListAsync(database, names);

        await MigrateAsync(database);

        Assert.NotEmpty(names);
        Assert.Equal(names.Length, before.Count);
        Assert.All(before, index => Assert.EndsWith(" true", index, StringComparison.Ordinal));
        Assert.Equal(before, await ListAsync(database, names));
    }

    /// <summary>What an interruption leaves is an index that is written and never read.</summary>
    [Theory]
    [MemberData(nameof(Released))]
    public async Task One_whose_creation_was_interrupted_is_created_again(string lastMigration)
    {
        await using var database = await ReleasedSchema.CreateAsync(Store.Postgres, lastMigration);
        var names = await CreateIndexesAsync(database);
        await database.ExecuteAsync($"UPDATE pg_index SET indisvalid = FALSE WHERE {IsOneOf(names)}");

        await MigrateAsync(database);

        var after = await ListAsync(database, names);
        Assert.Equal(names.Length, after.Count);
        Assert.All(after, index => Assert.EndsWith(" true", index, StringComparison.Ordinal));
    }

    public void Dispose() => _now.Dispose();

    /// <summary>Runs the statements of the document.</summary>
    /// <returns>The names of the indexes, in quotation marks.</returns>
    private static async Task<string[]> CreateIndexesAsync(TestDatabase database)
    {
        string[] statements =
        [
            .. (await File.ReadAllLinesAsync(Path.Combine(TestResults.Root, "src/AuthService/OPERATIONS.md")))
                .Select(line => line.Trim()).Where(line => Beginnings.Any(beginning => line.StartsWith(beginning, StringComparison.Ordinal))),
        ];
        foreach (var statement in statements)
            await database.ExecuteAsync(statement);
        return [.. statements.Where(s => s.StartsWith(Creation, StringComparison.Ordinal)).Select(s => s[Creation.Length..].Split(' ')[0])];
    }

    private async Task MigrateAsync(TestDatabase database) =>
        (await _now.RunProcessAsync(ServiceFolder.ForProduction().With(database.Settings), ["migrate"])).Expect(0);

    /// <summary>Each with its number, which a new index does not have, and whether it can be used.</summary>
    private static async Task<List<string>> ListAsync(TestDatabase database, string[] names)
    {
        await using var connection = await database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT indexrelid::regclass::text || ' ' || indexrelid || ' ' || indisvalid FROM pg_index WHERE {IsOneOf(names)} ORDER BY indexrelid";
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
            found.Add(reader.GetString(0));
        return found;
    }

    private static string IsOneOf(string[] names) => $"indexrelid::regclass::text IN ({string.Join(", ", names.Select(name => $"'{name}'"))})";
}
