using AuthService.Benchmarks.Service;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>
/// The limit of a revocation: one statement, sent by plain Npgsql, deletes the session by its id and writes the ended session and the audit row.
/// </summary>
internal sealed class RevokeLimit(NpgsqlDataSource database)
{
    private const string Statement = $"""
        WITH ended AS (DELETE FROM sessions AS s WHERE s.id = $1 AND s.expire_at > $2 RETURNING {Ending.Returned}),
             kept AS (INSERT INTO ended_sessions ({Ending.Kept}, reason, ended_by, ended_at, expire_at) SELECT {Ending.Kept}, 3, $5, $2, $3 FROM ended)
        INSERT INTO audit_events (at, event, outcome, actor, principal, session_id, ip_address)
        SELECT $2, 'session_revoked', 0, $5, p.id, ended.id, $4 FROM ended JOIN principals p ON p.number = ended.principal_number
        """;

    public async Task HandleAsync(HttpContext context)
    {
        var now = Moment.Of(DateTimeOffset.UtcNow);
        await using var command = database.CreateCommand(Statement);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = LimitServer.IdOf(context.Request) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = now });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = now + Moment.Week });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "127.0.0.1" });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = PreparedSessions.Service });
        context.Response.StatusCode = await command.ExecuteNonQueryAsync() == 1 ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
    }
}

/// <summary>The columns that are kept of an ended session.</summary>
internal static class Ending
{
    public const string Kept = "id, principal_number, refresh_token_hash, root_id, extended_from, access_token_lifetime, tokens_until";

    public const string Returned =
        "s.id, s.principal_number, s.refresh_token_hash, s.root_id, s.extended_from, s.access_token_lifetime, s.tokens_until";
}
