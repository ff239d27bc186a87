using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Revocations;

/// <summary>The result of one reading.</summary>
/// <param name="Epoch">The epoch of the database (<see cref="CommitOrder.Epoch"/>).</param>
/// <param name="End">The position below which nothing will be added any more. The result may contain rows beyond it.</param>
/// <param name="At">The time of the reading.</param>
/// <param name="Revocations">The revocations, in no particular order.</param>
internal sealed record RevocationsRead(string Epoch, long End, DateTimeOffset At, IReadOnlyList<Revocation> Revocations)
{
    /// <summary>The time since which every revocation is read. The tokens of earlier ones have expired.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The transactions that this reading could see, so that the next reading can skip them; null in SQLite.</summary>
    public CommitSnapshot? Seen { get; init; }

    /// <summary>
    /// Returns whether the reading continues the given snapshot. It does not when the database is another one, or when a standby server took over that had
    /// fewer transactions: it gives the numbers of the lost transactions to others.
    /// </summary>
    public bool GoesOnFrom(RevocationSnapshot known) => Epoch == known.Epoch && End >= known.DurableEnd;
}

/// <summary>Reads the revocations that can still matter to an unexpired access token, with one statement.</summary>
internal sealed class RevocationReader(Store store, IOptionsMonitor<JwtOptions> options, TimeProvider clock)
{
    /// <summary>
    /// How long revocations are kept. No token lives so long: the bounds of <see cref="JwtOptions.AccessTokenLifetime"/> and <see cref="LongestDerived"/>
    /// leave time for <see cref="Margin"/> and for the skew that receivers allow.
    /// </summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>Extra time for a token that was being issued when its session ended, and for instances with different clocks.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>The longest lifetime of a token that was made from another one. Entries are read for at least this time.</summary>
    public static readonly TimeSpan LongestDerived = TimeSpan.FromDays(1);

    private TimeSpan TokenLifetime => options.CurrentValue.AccessTokenLifetime;

    /// <summary>Reads all revocations. When many sessions end, this reads the rows of a day.</summary>
    public Task<RevocationsRead> ReadAllAsync()
    {
        store.AllowLongStatements();
        return ReadAsync([SqlText.Raw("TRUE")]);
    }

    /// <summary>Reads the revocations from a position on; some of them may have been read before.</summary>
    public Task<RevocationsRead> ReadAsync(long from) => ReadAsync([From(from)]);

    /// <summary>Reads exactly the revocations that an earlier reading could not see, no matter how far the end of the commit order lags behind.</summary>
    public Task<RevocationsRead> ReadAsync(CommitSnapshot seen) => ReadAsync([From(seen.End), $"position = ANY({seen.Running})"]);

    private FormattableString From(long position) => $"position >= {position} AND position < {CommitOrder.WriteEnd(store)}";

    private async Task<RevocationsRead> ReadAsync(FormattableString[] conditions)
    {
        var now = clock.GetUtcNow();
        var since = now - (TokenLifetime > LongestDerived ? TokenLifetime : LongestDerived) - Margin;
        Row? order = null;
        var revocations = await store.ReadAsync<Row, Revocation>(
            $"""
            SELECT {Literal(RowKind.CommitOrder)} AS "Kind", {CommitOrder.ReadEnd(store)} AS "Position", CAST(NULL AS uuid) AS "SessionId", epoch AS "Subject",
                   CAST(NULL AS integer) AS "SecurityStamp", CAST(NULL AS uuid) AS "ApiKeyId", CAST(NULL AS bytea) AS "TokenHash",
                   {CommitSnapshot.Current(store)} AS "ExtendedBy", CAST(0 AS bigint) AS "At", CAST(NULL AS bigint) AS "Lifetime",
                   CAST(NULL AS bigint) AS "Until"
            FROM commit_order
            {conditions.Select(where => RowsOf(where, now, since)).Aggregate((some, more) => $"{some} {more}")}
            """,
            Select);
        if (order is null)
            throw new InvalidOperationException("The table commit_order is empty");
        return new RevocationsRead(order.Subject!, order.Position ?? 0, now, revocations)
        {
            Since = since,
            Seen = CommitSnapshot.Parse(order.ExtendedBy),
        };

        Revocation? Select(Row row)
        {
            if (row.Kind is not RowKind.CommitOrder)
                return ToRevocation(row) is var revocation && revocation.Until > now ? revocation : null;
            order = row;
            return null;
        }
    }

    /// <summary>
    /// SQL: selects the rows from each table by one condition that has an index. With two conditions joined by OR, a planner that lacks statistics or parameter
    /// values may read the whole table.
    /// </summary>
    private static FormattableString RowsOf(FormattableString where, DateTimeOffset now, DateTimeOffset since)
    {
        var keptSince = UnixMicroseconds.From(since + Kept);
        return $"""
            UNION ALL
            SELECT {Literal(RowKind.EndedSession)}, position, id, CAST(NULL AS text), CAST(NULL AS integer), CAST(NULL AS uuid), CAST(NULL AS bytea),
                   CAST(NULL AS text), ended_at, access_token_lifetime, tokens_until
            FROM ended_sessions WHERE {where} AND expire_at > {keptSince}
            UNION ALL
            SELECT {Literal(RowKind.RevokedToken)}, position, CAST(NULL AS uuid), CAST(NULL AS text), CAST(NULL AS integer), CAST(NULL AS uuid), token_hash,
                   CAST(NULL AS text), CAST(0 AS bigint), CAST(NULL AS bigint), forget_at
            FROM revoked_tokens WHERE {where} AND forget_at > {UnixMicroseconds.From(now)}
            UNION ALL
            SELECT {Literal(RowKind.IdentityRevocation)}, position, session_id, subject, security_stamp, api_key_id, CAST(NULL AS bytea),
                   extended_by, revoked_at, CAST(NULL AS bigint), tokens_until
            FROM identity_revocations WHERE {where} AND forget_at > {keptSince}
            """;
    }

    private Revocation ToRevocation(Row row)
    {
        var at = UnixMicroseconds.To(row.At);
        var usual = at + (row.Lifetime is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : TokenLifetime);
        var until = row.Until is { } microseconds && UnixMicroseconds.To(microseconds) is var longer && longer > usual ? longer : usual;
        return new Revocation(row.Position ?? 0, until + Margin)
        {
            SessionId = row.SessionId,
            Subject = row.ExtendedBy is null ? row.Subject : null,
            ExtendedBy = row.ExtendedBy,
            SecurityStamp = row.SecurityStamp,
            ApiKeyId = row.ApiKeyId,
            TokenHash = row.TokenHash,
            Before = row.Kind is RowKind.IdentityRevocation ? at : null,
        };
    }

    /// <summary>SQL: the kind as a literal. The rows of all tables come from one UNION, so each says from which table it is.</summary>
    private static FormattableString Literal(RowKind kind) => SqlText.Raw($"{(int)kind}");

    /// <summary>The table of a row.</summary>
    private enum RowKind
    {
        /// <summary>The only row of this kind has the epoch, the end of the commit order and the snapshot of the reading.</summary>
        CommitOrder = 0,
        EndedSession = 1,
        RevokedToken = 2,
        IdentityRevocation = 3,
    }

    private sealed record Row(
        RowKind Kind, long? Position, Guid? SessionId, string? Subject, int? SecurityStamp, Guid? ApiKeyId, byte[]? TokenHash,
        string? ExtendedBy, long At, long? Lifetime, long? Until);
}
