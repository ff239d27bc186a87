using Microsoft.AspNetCore.Http;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>A request of a service for a session.</summary>
internal sealed record RequestedSession(string Caller, byte[] TokenHash, Guid Id)
{
    public static RequestedSession Of(HttpRequest request) =>
        new(SessionLookUp.BearerOf(request), SessionLookUp.TokenHashOf(request), LimitServer.IdOf(request));
}

/// <summary>
/// Finds the caller and the requested session with one batched statement: the caller by id, unless the token was revoked, and the session with its principal
/// and products. The bearer text is the caller's id, because no token is verified.
/// </summary>
internal sealed class BatchedRequestedSessionLookUp(NpgsqlDataSource database)
{
    private const string Statement = $"""
        SELECT {SessionLookUp.Columns}, ARRAY(SELECT product FROM product_accesses WHERE session_id = s.id), w.n
        FROM unnest($1, $2, $3) WITH ORDINALITY AS w (caller, token_hash, id, n)
        JOIN principals AS c ON c.id = w.caller AND c.state = 0 AND NOT EXISTS (SELECT FROM revoked_tokens AS r WHERE r.token_hash = w.token_hash)
        JOIN sessions AS s ON s.id = w.id JOIN principals AS p ON p.number = s.principal_number
        """;

    private readonly LimitBatcher<RequestedSession, FoundSession?> _batcher = new(
        database, new(Statement, Parameters, (_, row) => SessionLookUp.Read(row), None: null));

    /// <summary>Finds the session; null when there is no such caller, or no such usable session.</summary>
    public async Task<FoundSession?> FindAsync(HttpRequest request, DateTimeOffset now) =>
        await _batcher.ExecuteAsync(RequestedSession.Of(request)) is { } session && session.IsUsable(now) ? session : null;

    private static NpgsqlParameter[] Parameters(RequestedSession[] asked) =>
    [
        new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(asked, one => one.Caller) },
        new NpgsqlParameter<byte[][]> { TypedValue = Array.ConvertAll(asked, one => one.TokenHash) },
        new NpgsqlParameter<Guid[]> { TypedValue = Array.ConvertAll(asked, one => one.Id) },
    ];
}

/// <summary>The limit of an operation that counts as use: the look-up of the session, and a batched update of "last used" by its key.</summary>
internal sealed class BatchedTouchLimit(NpgsqlDataSource database, BatchedRequestedSessionLookUp sessions, int bytes)
{
    private const string Statement = """
        UPDATE sessions AS s SET last_used_at = w.at, suspend_at = w.suspend_at
        FROM unnest($1, $2, $3) WITH ORDINALITY AS w (id, at, suspend_at, n) WHERE s.id = w.id RETURNING w.n
        """;

    private readonly LimitBatcher<UsedSession, bool> _touch = new(database, new(Statement, Parameters, (_, _) => true, None: false));
    private readonly byte[] _answer = LimitAnswer.OfSize(bytes);

    public async Task HandleAsync(HttpContext context)
    {
        var now = DateTimeOffset.UtcNow;
        if (await sessions.FindAsync(context.Request, now) is { } session && await _touch.ExecuteAsync(UsedSession.Of(session, now)))
            await LimitAnswer.WriteAsync(context.Response, _answer);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static NpgsqlParameter[] Parameters(UsedSession[] used) =>
    [
        new NpgsqlParameter<Guid[]> { TypedValue = Array.ConvertAll(used, one => one.Id) },
        new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(used, one => one.At) },
        new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(used, one => one.SuspendAt) },
    ];
}
