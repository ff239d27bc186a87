using Microsoft.AspNetCore.Http;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>The limit of whatever reads: one prepared look-up, and an answer of the operation's size.</summary>
internal sealed class LookUpLimit(NpgsqlDataSource database, int bytes)
{
    private readonly SessionLookUp _sessions = new(database);
    private readonly byte[] _answer = LimitAnswer.OfSize(bytes);

    public async Task HandleAsync(HttpContext context)
    {
        if (await _sessions.FindAsync(context.Request) is { } session && session.IsUsable(DateTimeOffset.UtcNow))
            await LimitAnswer.WriteAsync(context.Response, _answer);
        else
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }
}
