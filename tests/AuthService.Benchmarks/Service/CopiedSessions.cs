using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace AuthService.Benchmarks.Service;

/// <summary>
/// Sessions that are used or revoked once each. The API cannot create so many in reasonable time, so they are copied in the store before an interval, with new
/// ids and refresh tokens. Each copy was last used an hour ago, so that its next use must be written.
/// </summary>
internal sealed class CopiedSessions(string connectionString, IReadOnlyList<string> originals)
{
    /// <summary>The prefix before the id in the refresh token of a copy. Together they have the format of a refresh token.</summary>
    private const string TokenPrefix = "rt_0000000";

    private const string AnHourAgo = "s.last_used_at - 3600000000";

    private readonly Guid[] _originals = [.. originals.Select(Guid.Parse)];
    private readonly Queue<Guid> _ids = [];

    public static string TokenOf(string id) => TokenPrefix + id;

    public static byte[] TokenHashOf(Guid id) => SHA256.HashData(Encoding.ASCII.GetBytes(TokenOf(id.ToString())));

    public Guid Take() =>
        _ids.TryDequeue(out var id) ? id : throw new IOException("There are no sessions left: more were used up than were made for an interval.");

    /// <summary>Creates the missing copies and shuffles them, because people do not call in the order of their sign-ins.</summary>
    public void FillUpTo(int count)
    {
        Guid[] made = [.. Enumerable.Range(0, Math.Max(count - _ids.Count, 0)).Select(_ => Guid.CreateVersion7())];
        using var database = NpgsqlDataSource.Create(connectionString);
        using var copy = database.CreateCommand($"""
            INSERT INTO sessions SELECT {string.Join(", ", Columns(database).Select(Copied))}
            FROM unnest($1) WITH ORDINALITY AS made (id, place)
            JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS number FROM sessions WHERE id = ANY($2)) AS s
              ON s.place = 1 + made.place % s.number
            """);
        copy.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = made });
        copy.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = _originals });
        copy.ExecuteNonQuery();
        using var analyze = database.CreateCommand("ANALYZE sessions"); // otherwise plans would still be those for a few rows
        analyze.ExecuteNonQuery();
        Random.Shared.Shuffle(made);
        Array.ForEach(made, _ids.Enqueue);
    }

    /// <summary>Returns how many of these sessions are still in the store.</summary>
    public long Count(Guid[] ids)
    {
        using var database = NpgsqlDataSource.Create(connectionString);
        using var count = database.CreateCommand("SELECT count(*) FROM sessions WHERE id = ANY($1)");
        count.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        return (long)count.ExecuteScalar()!;
    }

    private static string Copied(string column) => column switch
    {
        "id" => "made.id",
        "refresh_token_hash" => $"sha256(convert_to('{TokenPrefix}' || made.id, 'UTF8'))",
        "last_used_at" => AnHourAgo,
        _ => $"s.{column}",
    };

    private static List<string> Columns(NpgsqlDataSource database)
    {
        using var query = database.CreateCommand(
            "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'sessions' ORDER BY ordinal_position");
        using var rows = query.ExecuteReader();
        var columns = new List<string>();
        while (rows.Read())
            columns.Add(rows.GetString(0));
        return columns;
    }
}
