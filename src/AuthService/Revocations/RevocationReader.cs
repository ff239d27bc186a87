using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Revocations;

/// <summary>What was read at one moment.</summary>
/// <param name="Epoch"><see cref="CommitOrder.Epoch"/>.</param>
/// <param name="End">Below this position nothing will be added any more; it may have been read beyond that.</param>
/// <param name="At">When.</param>
/// <param name="Revocations">In no order.</param>
internal sealed record RevocationsRead(string Epoch, long End, DateTimeOffset At, IReadOnlyList<Revocation> Revocations)
{
    /// <summary>What was to be seen at that moment, so that the next reading can leave it out; null in SQLite.</summary>
    public CommitSnapshot? Seen { get; init; }

    /// <summary>
    /// False when what is known is of another database; and when a server took over that had not come as far, for it gives the numbers of the
    /// transactions that it has not heard of to others.
    /// </summary>
    public bool GoesOnFrom(RevocationSnapshot known) => Epoch == known.Epoch && End >= known.End;
}

/// <summary>Reads the revocations that still matter to an access token that has not expired, by one statement.</summary>
internal sealed class RevocationReader(Store store, IOptionsMonitor<JwtOptions> options, TimeProvider clock)
{
    /// <summary>How long rows are kept of what was revoked. A token that lives longer can pass again where only the feed is asked.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>For a token that was being made when its session ended, and for instances whose clocks differ.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>The longest that a token lives which was made from another one, and the least time for which entries are looked through.</summary>
    public static readonly TimeSpan LongestDerived = TimeSpan.FromDays(1);

    private TimeSpan TokenLifetime => options.CurrentValue.AccessTokenLifetime;

    /// <summary>All of them: where many sessions end, a day's rows are looked through.</summary>
    public Task<RevocationsRead> ReadAllAsync()
    {
        store.AllowLongStatements();
        return ReadAsync([SqlText.Raw("TRUE")]);
    }

    /// <summary>Those from a position on, some of which may have been read before.</summary>
    public Task<RevocationsRead> ReadAsync(long from) => ReadAsync([From(from)]);

    /// <summary>Those that a reading before has not seen, and no others, however far the end of the commit order lags behind.</summary>
    public Task<RevocationsRead> ReadAsync(CommitSnapshot seen) => ReadAsync([From(seen.End), $"position = ANY({seen.Running})"]);

    private FormattableString From(long position) => $"position >= {position} AND position < {CommitOrder.WriteEnd(store)}";

    private async Task<RevocationsRead> ReadAsync(FormattableString[] conditions)
    {
        var now = clock.GetUtcNow();
        var rows = await store.ReadAsync<Row>(SqlText.Join(
            $"""
            SELECT 0 AS "Kind", {CommitOrder.ReadEnd(store)} AS "Position", CAST(NULL AS uuid) AS "SessionId", epoch AS "Subject",
                   CAST(NULL AS integer) AS "SecurityStamp", CAST(NULL AS uuid) AS "ApiKeyId", CAST(NULL AS bytea) AS "TokenHash",
                   {CommitSnapshot.Current(store)} AS "ExtendedBy", CAST(0 AS bigint) AS "At", CAST(NULL AS bigint) AS "Lifetime",
                   CAST(NULL AS bigint) AS "Until"
            FROM commit_order
            {conditions.Select(where => RowsOf(where, now)).Aggregate((some, more) => $"{some} {more}")}
            """));
        var order = rows.Find(row => row.Kind is 0) ?? throw new InvalidOperationException("The table commit_order is empty");
        return new RevocationsRead(
            order.Subject!,
            order.Position ?? 0,
            now,
            [.. rows.Where(row => row.Kind is not 0).Select(ToRevocation).Where(revocation => revocation.Until > now)])
        {
            Seen = CommitSnapshot.Parse(order.ExtendedBy),
        };
    }

    /// <summary>One condition, which an index knows, for each table: for two joined by OR a planner that knows no numbers reads the whole table.</summary>
    private FormattableString RowsOf(FormattableString where, DateTimeOffset now)
    {
        var longest = TokenLifetime > LongestDerived ? TokenLifetime : LongestDerived;
        var keptSince = UnixMicroseconds.From(now - longest - Margin + Kept);
        return $"""
            UNION ALL
            SELECT 1, position, id, CAST(NULL AS text), CAST(NULL AS integer), CAST(NULL AS uuid), CAST(NULL AS bytea),
                   CAST(NULL AS text), ended_at, access_token_lifetime, tokens_until
            FROM ended_sessions WHERE {where} AND expire_at > {keptSince}
            UNION ALL
            SELECT 2, position, CAST(NULL AS uuid), CAST(NULL AS text), CAST(NULL AS integer), CAST(NULL AS uuid), token_hash,
                   CAST(NULL AS text), CAST(0 AS bigint), CAST(NULL AS bigint), forget_at
            FROM revoked_tokens WHERE {where} AND forget_at > {UnixMicroseconds.From(now)}
            UNION ALL
            SELECT 3, position, session_id, subject, security_stamp, api_key_id, CAST(NULL AS bytea),
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
            Before = row.Kind is 3 ? at : null,
        };
    }

    private sealed record Row(
        int Kind, long? Position, Guid? SessionId, string? Subject, int? SecurityStamp, Guid? ApiKeyId, byte[]? TokenHash,
        string? ExtendedBy, long At, long? Lifetime, long? Until);
}
