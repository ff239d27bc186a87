using Microsoft.AspNetCore.Http;
using Npgsql;
using NpgsqlTypes;

namespace AuthService.Benchmarks.Limits;

/// <summary>The limit of a revocation: the session ended by its id and the audit row, in one statement sent by plain Npgsql.</summary>
internal sealed class RevokeLimit(NpgsqlDataSource database)
{
    private const string Statement = """
        WITH ended AS (DELETE FROM sessions WHERE id = $1 AND expire_at > $2 RETURNING id, principal_number)
        INSERT INTO audit_events (at, event, outcome, actor, principal, session_id, ip_address)
        SELECT $2, 'session_revoked', 0, $4, p.id, ended.id, $3 FROM ended JOIN principals p ON p.number = ended.principal_number
        """;

    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        await using var command = database.CreateCommand(Statement);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.Parse(path.AsSpan(path.LastIndexOf('/') + 1)) });
        Ending.AddCircumstances(command);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "_bench" });
        await Ending.AnswerAsync(command, context.Response);
    }
}

/// <summary>The limit of a logout: the same by the hash of the refresh token, by nobody but its owner.</summary>
internal sealed class LogoutLimit(NpgsqlDataSource database)
{
    private const string Statement = """
        WITH ended AS (DELETE FROM sessions WHERE refresh_token_hash = $1 AND expire_at > $2 RETURNING id, principal_number)
        INSERT INTO audit_events (at, event, outcome, actor, principal, session_id, ip_address)
        SELECT $2, 'sign_out', 0, p.id, p.id, ended.id, $3 FROM ended JOIN principals p ON p.number = ended.principal_number
        """;

    public async Task HandleAsync(HttpContext context)
    {
        await using var command = database.CreateCommand(Statement);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = SessionLookUp.TokenHashOf(context.Request), NpgsqlDbType = NpgsqlDbType.Bytea });
        Ending.AddCircumstances(command);
        await Ending.AnswerAsync(command, context.Response);
    }
}

/// <summary>What both have in common.</summary>
internal static class Ending
{
    /// <summary>When and from where, $2 and $3.</summary>
    public static void AddCircumstances(NpgsqlCommand command)
    {
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000 });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "127.0.0.1" });
    }

    public static async Task AnswerAsync(NpgsqlCommand command, HttpResponse response) =>
        response.StatusCode = await command.ExecuteNonQueryAsync() == 1 ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
}
