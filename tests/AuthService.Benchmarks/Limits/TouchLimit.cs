using Microsoft.AspNetCore.Http;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>The limit of an operation that counts as use: one prepared look-up, one committed update by key, and a response of the size of a session.</summary>
internal sealed class TouchLimit(NpgsqlDataSource database, int bytes)
{
    private const string Statement = "UPDATE sessions SET last_used_at = $2, suspend_at = $3 WHERE id = $1";

    private readonly SessionLookUp _sessions = new(database);
    private readonly byte[] _answer = LimitAnswer.OfSize(bytes);

    public async Task HandleAsync(HttpContext context)
    {
        var now = DateTimeOffset.UtcNow;
        if (await _sessions.FindAsync(context.Request, now) is { } session && await TouchAsync(session, now))
            await LimitAnswer.WriteAsync(context.Response, _answer);
        else
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }

    private async Task<bool> TouchAsync(FoundSession session, DateTimeOffset now)
    {
        var used = UsedSession.Of(session, now);
        await using var command = database.CreateCommand(Statement);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = used.Id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = used.At });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = used.SuspendAt });
        return await command.ExecuteNonQueryAsync() == 1;
    }
}
