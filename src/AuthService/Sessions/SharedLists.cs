using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>
/// The lists of people's sessions, in PostgreSQL: those that are asked for at one moment are one statement. Each list is read
/// from the index in its order and only as far as it goes, however many sessions there are.
/// </summary>
internal sealed class SharedLists(IDbContextFactory<AuthDbContext> contexts)
{
    private const string Columns = "s.id, s.ip_address, s.user_agent, s.location, s.created_at, s.last_used_at, s.expire_at, s.extended_by_chain::json ->> -1 AS extended_by";

    /// <summary>
    /// As <see cref="SessionRules.StateOf"/> decides. The principal itself was looked at when the call was authenticated.
    /// ENABLED is 1 for a session and 0 for a principal; the role ADMIN is 1.
    /// </summary>
    private const string Wanted = """
        s.expire_at > asked.at
        AND (s.extended_by_chain IS NULL OR NOT asked.without_delegated)
        AND (NOT asked.only_active OR (s.state = 1 AND s.suspend_at > asked.at))
        ORDER BY s.created_at DESC, s.id DESC LIMIT asked.skip + asked.take
        """;

    private const string Sql = $$"""
        WITH asked AS (SELECT * FROM unnest({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}) WITH ORDINALITY
                       AS a (number, id, stamp, may_impersonate, at, skip, take, without_delegated, only_active, n))
        SELECT asked.n AS "N", line.id AS "Id", ip_address AS "IpAddress", user_agent AS "UserAgent", location AS "Location", created_at AS "CreatedAt",
               last_used_at AS "LastUsedAt", expire_at AS "ExpireAt", extended_by AS "ExtendedBy", actor AS "Actor"
        FROM asked CROSS JOIN LATERAL (
            (SELECT {{Columns}}, actor.id AS actor
             FROM sessions AS s LEFT JOIN principals AS actor ON actor.number = s.actor_number
             WHERE s.principal_number = asked.number AND s.security_stamp = asked.stamp
                   AND (s.actor_number IS NULL
                        OR (actor.state = 0 AND actor.security_stamp = s.actor_stamp AND actor.role = 1 AND actor.can_impersonate))
                   AND {{Wanted}})
            UNION ALL
            (SELECT {{Columns}}, asked.id AS actor
             FROM sessions AS s JOIN principals AS p ON p.number = s.principal_number AND p.state = 0 AND p.security_stamp = s.security_stamp
             WHERE s.actor_number = asked.number AND s.actor_stamp = asked.stamp AND asked.may_impersonate AND {{Wanted}})
            ORDER BY created_at DESC, id DESC OFFSET asked.skip LIMIT asked.take) AS line
        ORDER BY asked.n, created_at DESC, line.id DESC
        """;

    private readonly SharedStatement<ListQuestion, IReadOnlyList<ListedSession>> _statement = new(contexts, (db, questions) => db.AskAsync(FindAsync, questions));

    public Task<IReadOnlyList<ListedSession>> FindAsync(ListQuestion question) => _statement.AskAsync(question);

    private static async Task<IReadOnlyList<IReadOnlyList<ListedSession>>> FindAsync(AuthDbContext db, IReadOnlyList<ListQuestion> questions)
    {
        object[] columns =
        [
            questions.Select(question => question.Principal.Number).ToArray(),
            questions.Select(question => question.Principal.Id).ToArray(),
            questions.Select(question => question.Principal.SecurityStamp).ToArray(),
            questions.Select(question => SessionRules.MayImpersonate(question.Principal)).ToArray(),
            questions.Select(question => UnixMicroseconds.From(question.Now)).ToArray(),
            questions.Select(question => question.Skip).ToArray(),
            questions.Select(question => question.Take).ToArray(),
            questions.Select(question => question.WithoutDelegated).ToArray(),
            questions.Select(question => question.OnlyActive).ToArray(),
        ];
        var lists = Enumerable.Range(0, questions.Count).Select(_ => new List<ListedSession>()).ToArray();
        await foreach (var line in db.Database.SqlQueryRaw<Line>(Sql, columns).AsAsyncEnumerable())
            lists[line.N - 1].Add(line.Session);
        return lists;
    }

    /// <summary>A row of the answer; moments as <see cref="UnixMicroseconds"/>.</summary>
    /// <param name="N">Which question it answers, from 1.</param>
    private sealed record Line(
        long N, Guid Id, string? IpAddress, string? UserAgent, string? Location, long CreatedAt, long LastUsedAt, long ExpireAt, string? ExtendedBy, string? Actor)
    {
        public ListedSession Session => new(
            Id, IpAddress, UserAgent, Location, UnixMicroseconds.To(CreatedAt), UnixMicroseconds.To(LastUsedAt), UnixMicroseconds.To(ExpireAt), ExtendedBy, Actor);
    }
}
