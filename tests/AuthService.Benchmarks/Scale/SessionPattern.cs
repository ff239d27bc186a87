using Npgsql;

namespace AuthService.Benchmarks.Scale;

/// <summary>What filled sessions have in common with one that was really signed in.</summary>
/// <param name="IdleTimeout">How long it lives unused.</param>
/// <param name="Scopes">As the store has them.</param>
/// <param name="AuthenticationMethods">Likewise.</param>
/// <param name="Lifetime">From its making to its absolute end.</param>
internal sealed record SessionPattern(TimeSpan IdleTimeout, string Scopes, string AuthenticationMethods, TimeSpan Lifetime)
{
    private const string Newest = """
        SELECT idle_timeout, scopes, authentication_methods, expire_at - created_at FROM sessions WHERE mode = 1 ORDER BY created_at DESC LIMIT 1
        """;

    public static async Task<SessionPattern> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var query = new NpgsqlCommand(Newest, connection);
        await using var rows = await query.ExecuteReaderAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return new(
            TimeSpan.FromMilliseconds(rows.GetInt64(0)), rows.GetString(1), rows.GetString(2), TimeSpan.FromMicroseconds(rows.GetInt64(3)));
    }
}

/// <summary>Whose sessions are written, how many, and of when.</summary>
/// <param name="First">The number of the first; the others follow.</param>
/// <param name="Count">How many.</param>
/// <param name="PrincipalOf">The number of the principal of each.</param>
/// <param name="EndedAgo">Null for active sessions; otherwise the longest time since they expired.</param>
internal sealed record SessionBatch(long First, int Count, Func<long, long> PrincipalOf, TimeSpan? EndedAgo = null);
