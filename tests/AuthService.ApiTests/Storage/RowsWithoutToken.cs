using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Storage;

/// <summary>Very many people, and sessions that a service opened: none of them has a refresh token.</summary>
internal static class RowsWithoutToken
{
    public const int Count = 20_000;

    /// <summary>Adds so many rows to each table, which must have a row already. For PostgreSQL alone.</summary>
    public static async Task AddAsync(TestDatabase database)
    {
        await AddAsync(database, "sessions", "'id', gen_random_uuid()");
        await AddAsync(database, "ended_sessions", "'id', gen_random_uuid()");
        await AddAsync(
            database, "principals",
            $"'number', {Count} + n, 'id', 'many-' || n, 'folded_id', 'many-' || n, 'uuid', gen_random_uuid(), 'previous_refresh_token_hash', NULL");
        await database.ExecuteAsync("ANALYZE");
    }

    private static Task AddAsync(TestDatabase database, string table, string key) => database.ExecuteAsync(
        $"""
        INSERT INTO {table} SELECT (json_populate_record(template, json_build_object('refresh_token_hash', NULL, {key}))).*
        FROM {table} AS template, generate_series(1, {Count}) AS n WHERE template.id = (SELECT id FROM {table} LIMIT 1)
        """);
}
