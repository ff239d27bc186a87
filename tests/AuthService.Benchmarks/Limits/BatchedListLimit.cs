using Microsoft.AspNetCore.Http;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>
/// The limit of a list. One batched statement finds the caller's session and the newest sessions of its person: their own, and those in which they impersonate.
/// </summary>
internal sealed class BatchedListLimit(NpgsqlDataSource database, int bytes)
{
    private const string Columns =
        "s.id, s.ip_address, s.user_agent, s.location, s.created_at, s.last_used_at, s.expire_at, s.actor_service";

    private const string Statement = $"""
        SELECT line.*, w.n
        FROM unnest($1) WITH ORDINALITY AS w (id, n)
        JOIN sessions AS caller ON caller.id = w.id AND caller.expire_at > $2 AND caller.suspend_at > $2
        JOIN principals AS c ON c.number = caller.principal_number AND c.state = 0 AND c.security_stamp = caller.security_stamp
        CROSS JOIN LATERAL (
            (SELECT {Columns} FROM sessions AS s
             WHERE s.principal_number = c.number AND s.security_stamp = c.security_stamp AND s.expire_at > $2 AND s.extended_by_chain IS NULL
             ORDER BY s.created_at DESC, s.id DESC LIMIT 51)
            UNION ALL
            (SELECT {Columns} FROM sessions AS s JOIN principals AS p ON p.number = s.principal_number
             WHERE s.actor_number = c.number AND s.security_stamp = p.security_stamp AND s.expire_at > $2 AND s.extended_by_chain IS NULL
             ORDER BY s.created_at DESC, s.id DESC LIMIT 51)
            ORDER BY created_at DESC, id DESC LIMIT 51) AS line
        """;

    private readonly LimitBatcher<Guid, List<ListedSession>?> _batcher = new(database, new(Statement, Parameters, Read, None: null));
    private readonly byte[] _answer = LimitAnswer.OfSize(bytes);

    public async Task HandleAsync(HttpContext context)
    {
        if (await _batcher.ExecuteAsync(LimitServer.IdOf(context.Request)) is { Count: > 0 })
            await LimitAnswer.WriteAsync(context.Response, _answer);
        else
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }

    private static NpgsqlParameter[] Parameters(Guid[] callers) =>
    [
        new NpgsqlParameter<Guid[]> { TypedValue = callers },
        new NpgsqlParameter<long> { TypedValue = Moment.Of(DateTimeOffset.UtcNow) },
    ];

    private static List<ListedSession> Read(List<ListedSession>? lines, NpgsqlDataReader row)
    {
        lines ??= [];
        lines.Add(new ListedSession(
            row.GetGuid(0), SessionLookUp.Text(row, 1), SessionLookUp.Text(row, 2), SessionLookUp.Text(row, 3),
            row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), SessionLookUp.Text(row, 7)));
        return lines;
    }

    private sealed record ListedSession(
        Guid Id, string? IpAddress, string? UserAgent, string? Location, long CreatedAt, long LastUsedAt, long ExpireAt, string? ActorService);
}
