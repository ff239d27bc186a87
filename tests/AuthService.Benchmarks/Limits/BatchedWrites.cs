using System.Security.Cryptography;
using System.Text;
using AuthService.Benchmarks.Service;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>The limit of a claim: the claims of one moment and their audit rows, in one statement and one commit.</summary>
internal sealed class BatchedClaimLimit(NpgsqlDataSource database)
{
    private const string Statement = $"""
        WITH wanted AS (SELECT * FROM unnest($1, $2) WITH ORDINALITY AS w (jti_hash, detail, n)),
             claimed AS (INSERT INTO claims (jti_hash, forget_at) SELECT jti_hash, $4 FROM wanted
                         ON CONFLICT (jti_hash) DO NOTHING RETURNING jti_hash),
             recorded AS (INSERT INTO audit_events (at, event, actor, ip_address, detail, outcome)
                          SELECT $3, 'one_time_token_claimed', '{PreparedSessions.Service}', '127.0.0.1', detail,
                                 CASE WHEN claimed.jti_hash IS NULL THEN 1 ELSE 0 END
                          FROM wanted LEFT JOIN claimed USING (jti_hash))
        SELECT n FROM wanted JOIN claimed USING (jti_hash)
        """;

    private readonly LimitBatcher<string, bool> _batcher = new(database, new(Statement, Parameters, (_, _) => true, None: false));

    public async Task HandleAsync(HttpContext context)
    {
        var isFirst = await _batcher.ExecuteAsync(context.Request.Query["jti"].ToString());
        context.Response.StatusCode = isFirst ? StatusCodes.Status204NoContent : StatusCodes.Status409Conflict;
    }

    private static NpgsqlParameter[] Parameters(string[] ids)
    {
        var now = Moment.Of(DateTimeOffset.UtcNow);
        return
        [
            new NpgsqlParameter<byte[][]> { TypedValue = Array.ConvertAll(ids, jti => SHA256.HashData(Encoding.UTF8.GetBytes(jti))) },
            new NpgsqlParameter<string[]> { TypedValue = ids },
            new NpgsqlParameter<long> { TypedValue = now },
            new NpgsqlParameter<long> { TypedValue = now + Moment.Week },
        ];
    }
}

/// <summary>
/// The limit of a logout: deletes sessions by the hashes of their refresh tokens, and writes the ended sessions and the audit rows, in one statement and one
/// commit.
/// </summary>
internal sealed class BatchedLogoutLimit(NpgsqlDataSource database)
{
    private const string Statement = $"""
        WITH ended AS (DELETE FROM sessions AS s USING unnest($1) WITH ORDINALITY AS w (hash, n)
                       WHERE s.refresh_token_hash = w.hash AND s.expire_at > $2 RETURNING {Ending.Returned}, w.n),
             kept AS (INSERT INTO ended_sessions ({Ending.Kept}, reason, ended_by, ended_at, expire_at) SELECT {Ending.Kept}, 0, NULL, $2, $3 FROM ended),
             recorded AS (INSERT INTO audit_events (at, event, outcome, actor, principal, session_id, ip_address)
                          SELECT $2, 'sign_out', 0, p.id, p.id, ended.id, '127.0.0.1' FROM ended JOIN principals AS p ON p.number = ended.principal_number)
        SELECT n FROM ended
        """;

    private readonly LimitBatcher<byte[], bool> _batcher = new(database, new(Statement, Parameters, (_, _) => true, None: false));

    public async Task HandleAsync(HttpContext context)
    {
        var isEnded = await _batcher.ExecuteAsync(SessionLookUp.TokenHashOf(context.Request));
        context.Response.StatusCode = isEnded ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
    }

    private static NpgsqlParameter[] Parameters(byte[][] hashes)
    {
        var now = Moment.Of(DateTimeOffset.UtcNow);
        return
        [
            new NpgsqlParameter<byte[][]> { TypedValue = hashes },
            new NpgsqlParameter<long> { TypedValue = now },
            new NpgsqlParameter<long> { TypedValue = now + Moment.Week },
        ];
    }
}

/// <summary>The limit of an operation that writes only an audit row. The bearer text is the id of the actor.</summary>
internal sealed class BatchedAuditLimit(NpgsqlDataSource database)
{
    private const string Statement = """
        INSERT INTO audit_events (at, event, outcome, actor, actor_session_id, principal, session_id, ip_address, detail)
        SELECT $4, 'one_time_token_issued', 0, actor, session_id, actor, session_id, '127.0.0.1', detail
        FROM unnest($1, $2, $3) AS w (actor, session_id, detail)
        """;

    private readonly LimitBatcher<Issued, bool> _batcher = new(database, new(Statement, Parameters, (_, _) => true, None: true));

    public async Task HandleAsync(HttpContext context)
    {
        await _batcher.ExecuteAsync(new Issued(SessionLookUp.BearerOf(context.Request), LimitServer.IdOf(context.Request)));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static NpgsqlParameter[] Parameters(Issued[] issued) =>
    [
        new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(issued, one => one.Actor) },
        new NpgsqlParameter<Guid[]> { TypedValue = Array.ConvertAll(issued, one => one.SessionId) },
        new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(issued, _ => Guid.NewGuid().ToString()) },
        new NpgsqlParameter<long> { TypedValue = Moment.Of(DateTimeOffset.UtcNow) },
    ];

    private sealed record Issued(string Actor, Guid SessionId);
}
