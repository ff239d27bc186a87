using Microsoft.AspNetCore.Http;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>The limit of a revocation: the session ended by its id and the audit row, in one statement sent by plain Npgsql.</summary>
internal sealed class RevokeLimit(NpgsqlDataSource database)
{
    private const string Statement = """
        WITH ended AS (DELETE FROM sessions WHERE id = $1 AND expire_at > $2 RETURNING id, principal_number)
        INSERT INTO audit_events (at, event, outcome, actor, principal, session_id, ip_address)
        SELECT $2, 'session_revoked', 0, $3, p.id, ended.id, $4 FROM ended JOIN principals p ON p.number = ended.principal_number
        """;

    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        await using var command = database.CreateCommand(Statement);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.Parse(path.AsSpan(path.LastIndexOf('/') + 1)) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000 });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "_bench" });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "127.0.0.1" });
        var ended = await command.ExecuteNonQueryAsync() == 1;
        context.Response.StatusCode = ended ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
    }
}
