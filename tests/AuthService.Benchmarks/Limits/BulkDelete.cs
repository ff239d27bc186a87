using AuthService.Benchmarks.Service;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>The limit of a bulk invalidation: one DELETE by the hashes of the refresh tokens, sent by plain Npgsql, and nothing else.</summary>
internal static class BulkDelete
{
    private const string Statement = "DELETE FROM sessions WHERE refresh_token_hash = ANY($1)";

    /// <returns>An action that sends the prepared statement.</returns>
    public static Action Of(string connectionString, Guid[] sessions)
    {
        byte[][] hashes = [.. sessions.Select(CopiedSessions.TokenHashOf)];
        return () =>
        {
            using var connection = new NpgsqlConnection(connectionString);
            connection.Open();
            using var delete = new NpgsqlCommand(Statement, connection);
            delete.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = hashes });
            delete.ExecuteNonQuery();
        };
    }
}
