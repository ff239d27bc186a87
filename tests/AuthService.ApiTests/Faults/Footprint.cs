using System.Globalization;
using AuthService.ApiTests.Hosting;
using Npgsql;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// What a call leaves in PostgreSQL: how many rows there are in each table that actions write to, and a digest of what they
/// hold. When a session was last used and how often somebody failed to sign in is no kind.
/// </summary>
internal sealed record Footprint(IReadOnlyList<(long Count, string Digest)> Kinds)
{
    private static readonly (string Table, string Row)[] Tables =
    [
        ("principals", "t::text"),
        ("sessions", "concat_ws(',', t.id, t.principal_number, t.security_stamp, t.actor_number, t.actor_stamp, t.state, t.expire_at)"),
        ("product_accesses", "t::text"),
        ("stored_tokens", "t::text"),
        ("claims", "t::text"),
        ("applications", "t::text"),
        ("app_tokens", "t::text"),
        ("api_keys", "concat_ws(',', t.id, t.name)"),
        ("totp_factors", "concat_ws(',', t.principal_number, t.connected_at)"),
        ("recovery_codes", "t::text"),
        ("passkeys", "concat_ws(',', t.id, t.name)"),
        ("known_devices", "concat_ws(',', t.id, t.security_stamp)"),
        ("address_confirmations", "concat_ws(',', t.principal_number)"),
        ("webhooks", "concat_ws(',', t.id, t.enabled, t.sealed_secret)"),
        ("signal_streams", "concat_ws(',', t.id, t.status)"),
        ("kept_answers", "t::text"),
        ("audit_events", "t::text"),
    ];

    private static readonly string Sql = string.Join(" UNION ALL ", Tables.Select(table =>
        $"SELECT count(*), COALESCE(md5(string_agg(md5({table.Row}), '' ORDER BY md5({table.Row}))), '') FROM {table.Table} AS t"));

    public static async Task<Footprint> TakeAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var kinds = new List<(long, string)>();
        while (await reader.ReadAsync())
            kinds.Add((reader.GetInt64(0), reader.GetString(1)));
        return new Footprint(kinds);
    }

    /// <summary>By table, what came, what went and what changed: "sessions +1, webhooks changed"; empty when everything is as it was.</summary>
    public string Since(Footprint before)
    {
        var changes = from kind in Kinds.Zip(before.Kinds, Tables.Select(table => table.Table))
                      let more = kind.First.Count - kind.Second.Count
                      where more != 0 || kind.First.Digest != kind.Second.Digest
                      select more == 0 ? $"{kind.Third} changed" : string.Create(CultureInfo.InvariantCulture, $"{kind.Third} {more:+0;-0}");
        return string.Join(", ", changes);
    }
}
