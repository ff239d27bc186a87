using AuthService.Audit;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Delegation;

/// <param name="JtiHash">Which token.</param>
/// <param name="ForgetAt">When the claim may be forgotten, in <see cref="UnixMicroseconds"/>.</param>
/// <param name="At">Now, in <see cref="UnixMicroseconds"/>.</param>
/// <param name="Deed">Who claims.</param>
/// <param name="Detail">For the audit row.</param>
internal sealed record ClaimAttempt(byte[] JtiHash, long ForgetAt, long At, Deed Deed, string Detail);

/// <summary>
/// Claims in PostgreSQL: those that come at the same moment are one statement and one commit, audit rows included. Of several
/// for one token the first wins, whether they meet in this statement, in another or on another instance.
/// </summary>
internal sealed class SharedClaims(IDbContextFactory<AuthDbContext> contexts)
{
    /// <summary>In the order of the hashes, so that two instances that insert the same ones wait for each other in one direction only.</summary>
    private const string Sql = $$"""
        WITH asked AS (SELECT * FROM unnest({0}, {1}, {2}, {3}, {4}, {5}) WITH ORDINALITY AS a (jti_hash, forget_at, at, actor, ip_address, detail, n)),
             claimed AS (INSERT INTO claims (jti_hash, forget_at)
                         SELECT DISTINCT ON (jti_hash) jti_hash, forget_at FROM asked ORDER BY jti_hash, n
                         ON CONFLICT (jti_hash) DO NOTHING RETURNING jti_hash),
             first AS (SELECT min(n) AS n FROM asked JOIN claimed USING (jti_hash) GROUP BY jti_hash),
             recorded AS (INSERT INTO audit_events (at, event, actor, ip_address, detail, outcome)
                          SELECT at, '{{AuditEvents.OneTimeTokenClaimed}}', actor, ip_address, detail, CASE WHEN first.n IS NULL THEN 1 ELSE 0 END
                          FROM asked LEFT JOIN first USING (n) ORDER BY n)
        SELECT n AS "Value" FROM first
        """;

    private readonly SharedStatement<ClaimAttempt, bool> _statement = new(contexts, (db, attempts) => db.ChangeAsync(ClaimAsync, attempts));

    /// <returns>False when the token was claimed before.</returns>
    public Task<bool> TryClaimAsync(ClaimAttempt attempt) => _statement.AskAsync(attempt);

    private static async Task<IReadOnlyList<bool>> ClaimAsync(AuthDbContext db, IReadOnlyList<ClaimAttempt> attempts)
    {
        object[] columns =
        [
            attempts.Select(attempt => attempt.JtiHash).ToArray(),
            attempts.Select(attempt => attempt.ForgetAt).ToArray(),
            attempts.Select(attempt => attempt.At).ToArray(),
            attempts.Select(attempt => attempt.Deed.Actor).ToArray(),
            attempts.Select(attempt => attempt.Deed.IpAddress).ToArray(),
            attempts.Select(attempt => attempt.Detail).ToArray(),
        ];
        var won = await db.Database.SqlQueryRaw<long>(Sql, columns).ToListAsync();
        var claimed = new bool[attempts.Count];
        foreach (var ordinal in won)
            claimed[ordinal - 1] = true;
        return claimed;
    }
}
