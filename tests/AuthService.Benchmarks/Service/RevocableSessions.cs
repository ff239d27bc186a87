using Npgsql;

namespace AuthService.Benchmarks.Service;

/// <summary>
/// Sessions to be ended, each once. So many cannot be made through the API in reasonable time: they are copies of sessions
/// that were, with ids and token hashes of their own, put straight into the store before an interval begins.
/// </summary>
internal sealed class RevocableSessions(string connectionString)
{
    private readonly Queue<Guid> _ids = [];

    public Guid Take() => _ids.TryDequeue(out var id) ? id : throw new IOException("There are no sessions left to end: more were ended than were made for an interval.");

    /// <summary>Makes as many as are missing.</summary>
    public void FillUpTo(int count)
    {
        Guid[] made = [.. Enumerable.Range(0, Math.Max(count - _ids.Count, 0)).Select(_ => Guid.CreateVersion7())];
        using var database = NpgsqlDataSource.Create(connectionString);
        using var copy = database.CreateCommand($"""
            INSERT INTO sessions SELECT {string.Join(", ", Columns(database).Select(Copied))}
            FROM unnest($1) WITH ORDINALITY AS made (id, place)
            JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS number
                  FROM (SELECT * FROM sessions WHERE refresh_token_hash IS NOT NULL AND extended_by_chain IS NULL ORDER BY id LIMIT 100) AS first) AS s
              ON s.place = 1 + made.place % s.number
            """);
        copy.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = made });
        copy.ExecuteNonQuery();
        Array.ForEach(made, _ids.Enqueue);
    }

    private static string Copied(string column) => column switch
    {
        "id" => "made.id",
        "refresh_token_hash" => "sha256(uuid_send(made.id))",
        _ => $"s.{column}",
    };

    private static List<string> Columns(NpgsqlDataSource database)
    {
        using var query = database.CreateCommand("SELECT column_name::text FROM information_schema.columns WHERE table_name = 'sessions' ORDER BY ordinal_position");
        using var rows = query.ExecuteReader();
        var columns = new List<string>();
        while (rows.Read())
            columns.Add(rows.GetString(0));
        return columns;
    }
}
