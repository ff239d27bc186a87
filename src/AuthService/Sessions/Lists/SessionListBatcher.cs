using AuthService.Sessions.Rules;
using AuthService.Storage;

namespace AuthService.Sessions.Lists;

/// <summary>
/// Lists people's sessions in PostgreSQL, batched. Each list is read from an index in its order and only as far as its page, no matter how many sessions there
/// are.
/// </summary>
internal sealed class SessionListBatcher(BatchConnections connections)
{
    /// <summary>Only the columns that a list needs, because PostgreSQL carries every column of a UNION through its sort.</summary>
    private const string Columns =
        "s.id, s.ip_address, s.user_agent, s.location, s.created_at, s.last_used_at, s.expire_at, s.extended_by_chain, s.actor_service";

    private static readonly FormattableString ValidList = ListOf(SessionQueries.ValidSql("w.at", Columns));
    private static readonly FormattableString ActiveList = ListOf(SessionQueries.ActiveSql("w.at", Columns));

    private readonly StatementBatcher<SessionFilter, IReadOnlyList<SessionListItem>> _valid = new(
        connections, (store, filters) => ListAsync(store, ValidList, filters));

    private readonly StatementBatcher<SessionFilter, IReadOnlyList<SessionListItem>> _active = new(
        connections, (store, filters) => ListAsync(store, ActiveList, filters));

    public Task<IReadOnlyList<SessionListItem>> ListAsync(Store store, SessionFilter filter) =>
        (filter.OnlyActive ? _active : _valid).ExecuteAsync(store, filter);

    /// <summary>SQL: the pages of sessions that the table "wanted" asks for.</summary>
    private static FormattableString ListOf(string sessions)
    {
        return SqlText.Raw($"""
            SELECT w.n AS "N", line.id AS "Id", ip_address AS "IpAddress", user_agent AS "UserAgent", location AS "Location", created_at AS "CreatedAt",
                   last_used_at AS "LastUsedAt", expire_at AS "ExpireAt", extended_by_chain::json ->> -1 AS "ExtendedBy", actor AS "Actor",
                   actor_service AS "ActorService"
            FROM wanted AS w CROSS JOIN LATERAL ({Of("principal_number")} UNION ALL {Of("actor_number")}
                                                 ORDER BY created_at DESC, id DESC OFFSET w.skip LIMIT w.take) AS line
            ORDER BY w.n, created_at DESC, line.id DESC
            """);

        string Of(string principal) => $"""
            ({sessions} AND s.{principal} = w.number AND (s.extended_by_chain IS NULL OR NOT w.without_delegated)
             ORDER BY s.created_at DESC, s.id DESC LIMIT w.skip + w.take)
            """;
    }

    private static async Task<IReadOnlyList<IReadOnlyList<SessionListItem>>> ListAsync(
        Store store, FormattableString list, IReadOnlyList<SessionFilter> filters)
    {
        var lists = filters.Select(_ => new List<SessionListItem>()).ToArray();
        var lines = await store.ReadAsync<Line>(
            $"""
            WITH wanted AS (
                SELECT * FROM unnest({Each(f => f.Principal.Number)}, {Each(f => UnixMicroseconds.From(f.Now))}, {Each(f => f.Skip)}, {Each(f => f.Take)},
                                     {Each(f => f.WithoutDelegated)}) WITH ORDINALITY AS w (number, at, skip, take, without_delegated, n))
            {list}
            """);
        foreach (var line in lines)
            lists[line.N - 1].Add(line.ToItem());
        return lists;

        T[] Each<T>(Func<SessionFilter, T> value) => [.. filters.Select(value)];
    }

    /// <summary>A row of the result; times are <see cref="UnixMicroseconds"/>.</summary>
    /// <param name="N">The number of the list to which it belongs, from 1.</param>
    private sealed record Line(
        long N, Guid Id, string? IpAddress, string? UserAgent, string? Location, long CreatedAt, long LastUsedAt, long ExpireAt,
        string? ExtendedBy, string? Actor, string? ActorService)
    {
        public SessionListItem ToItem() => new(
            Id, IpAddress, UserAgent, Location,
            UnixMicroseconds.To(CreatedAt), UnixMicroseconds.To(LastUsedAt), UnixMicroseconds.To(ExpireAt), ExtendedBy, Actor,
            ActorService);
    }
}
