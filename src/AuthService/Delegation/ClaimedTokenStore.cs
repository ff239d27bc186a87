using AuthService.Audit;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Delegation;

/// <summary>Stores the claimed one-time tokens. The first insert wins, and the audit entry written with it shows which one it was.</summary>
internal sealed class ClaimedTokenStore(Store store, ClaimStatement statement, DelegationMetrics metrics)
{
    /// <returns>False when the <c>jti</c> was claimed before.</returns>
    public async Task<bool> TryClaimAsync(string jti, DateTimeOffset now, DateTimeOffset forgetAt, AuditActor by)
    {
        var claimed = await statement.Batcher.ExecuteAsync(store, new ClaimAttempt(
            TokenHash.Of(jti), UnixMicroseconds.From(forgetAt), UnixMicroseconds.From(now), by, AuditText.Printable(jti)));
        metrics.Claimed(claimed);
        return claimed;
    }

    public Task<bool> IsClaimedAsync(string jti)
    {
        var hash = TokenHash.Of(jti);
        return store.ReadAsync(db => db.Set<ClaimedToken>().AnyAsync(claimed => claimed.JtiHash == hash));
    }
}

/// <summary>An attempt to claim a one-time token.</summary>
/// <param name="JtiHash">The hash of the token's <c>jti</c>.</param>
/// <param name="ForgetAt">When the entry may be deleted, in <see cref="UnixMicroseconds"/>.</param>
/// <param name="At">The current time, in <see cref="UnixMicroseconds"/>.</param>
/// <param name="By">The audit actor.</param>
/// <param name="Detail">The detail of the audit entry.</param>
internal sealed record ClaimAttempt(byte[] JtiHash, long ForgetAt, long At, AuditActor By, string Detail);

/// <summary>
/// Claims tokens in batches: the claims of one moment share one statement and one commit, audit entries included. The first of several claims for one token
/// wins, whether they are in this statement, in another or on another instance.
/// </summary>
internal sealed class ClaimStatement(BatchConnections connections)
{
    /// <summary>Claims a token; the result is false when it was claimed before.</summary>
    public StatementBatcher<ClaimAttempt, bool> Batcher { get; } = new(connections, (store, attempts) => store.IsPostgres
        ? ClaimAsync(store, attempts)
        : ClaimInSqliteAsync(store, attempts[0]));

    /// <summary>Inserts in the order of the hashes, so that two instances that insert the same hashes do not deadlock.</summary>
    private static async Task<IReadOnlyList<bool>> ClaimAsync(Store store, IReadOnlyList<ClaimAttempt> attempts)
    {
        var first = await store.WriteAsync<long>(
            $"""
            WITH wanted AS (SELECT * FROM unnest({attempts.Select(attempt => attempt.JtiHash).ToArray()},
                                                 {attempts.Select(attempt => attempt.ForgetAt).ToArray()},
                                                 {attempts.Select(attempt => attempt.At).ToArray()},
                                                 {attempts.Select(attempt => attempt.By.Actor).ToArray()},
                                                 {attempts.Select(attempt => attempt.By.SessionId).ToArray()},
                                                 {attempts.Select(attempt => attempt.By.ApiKeyId).ToArray()},
                                                 {attempts.Select(attempt => attempt.By.IpAddress).ToArray()},
                                                 {attempts.Select(attempt => attempt.Detail).ToArray()})
                            WITH ORDINALITY AS w (jti_hash, forget_at, at, actor, actor_session_id, actor_api_key_id, ip_address, detail, n)),
                 claimed AS (INSERT INTO claims (jti_hash, forget_at)
                             SELECT DISTINCT ON (jti_hash) jti_hash, forget_at FROM wanted ORDER BY jti_hash, n
                             ON CONFLICT (jti_hash) DO NOTHING RETURNING jti_hash),
                 first AS (SELECT min(n) AS n FROM wanted JOIN claimed USING (jti_hash) GROUP BY jti_hash),
                 recorded AS (INSERT INTO audit_events (at, event, actor, actor_session_id, actor_api_key_id, ip_address, detail, outcome)
                              SELECT at, {AuditEvents.OneTimeTokenClaimed}, actor, actor_session_id, actor_api_key_id, ip_address, detail,
                                     CASE WHEN first.n IS NULL THEN {(int)AuditOutcome.Refused} ELSE {(int)AuditOutcome.Success} END
                              FROM wanted LEFT JOIN first USING (n) ORDER BY n)
            SELECT n AS "Value" FROM first
            """);
        return [.. Enumerable.Range(1, attempts.Count).Select(n => first.Contains(n))];
    }

    private static Task<IReadOnlyList<bool>> ClaimInSqliteAsync(Store store, ClaimAttempt attempt) => store.InTransactionAsync<IReadOnlyList<bool>>(async () =>
    {
        var claimed = await store.WriteAsync(
            $"INSERT INTO claims (jti_hash, forget_at) VALUES ({attempt.JtiHash}, {attempt.ForgetAt}) ON CONFLICT (jti_hash) DO NOTHING");
        await store.WriteAsync(
            $"""
            INSERT INTO audit_events (at, event, actor, actor_session_id, actor_api_key_id, ip_address, detail, outcome)
            VALUES ({attempt.At}, {AuditEvents.OneTimeTokenClaimed}, {attempt.By.Actor}, {attempt.By.SessionId}, {attempt.By.ApiKeyId},
                    {attempt.By.IpAddress}, {attempt.Detail}, {(int)(claimed == 1 ? AuditOutcome.Success : AuditOutcome.Refused)})
            """);
        return [claimed == 1];
    });
}
