using Npgsql;

namespace AuthService.Benchmarks.Scale;

/// <summary>The values of a real session that the filled sessions copy.</summary>
/// <param name="IdleTimeout">The idle time-out.</param>
/// <param name="Scopes">The scopes, as the store has them.</param>
/// <param name="AuthenticationMethods">The methods of authentication, as the store has them.</param>
/// <param name="Lifetime">The time from its creation to its absolute end.</param>
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

/// <summary>The sessions to write.</summary>
/// <param name="First">The number of the first session. The others follow.</param>
/// <param name="Count">The number of sessions.</param>
/// <param name="PrincipalOf">Returns the number of a session's principal.</param>
/// <param name="EndedAgo">The longest time since a session expired; null for active sessions.</param>
internal sealed record SessionBatch(long First, int Count, Func<long, long> PrincipalOf, TimeSpan? EndedAgo = null);
