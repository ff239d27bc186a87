using AuthService.Audit;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Delegation;

/// <summary>The used one-time tokens. The first insert wins, and the audit row written with it says which one it was.</summary>
internal sealed class ClaimStore(AuthDbContext db, DelegationMetrics metrics)
{
    private const string Insert = "INSERT INTO claims (jti_hash, forget_at) VALUES ({0}, {1}) ON CONFLICT (jti_hash) DO NOTHING";
    private const string Record = "INSERT INTO audit_events (at, event, actor, ip_address, detail, outcome) SELECT {2}, {3}, {4}, {5}, {6}";

    /// <returns>False when the <c>jti</c> was claimed before.</returns>
    public async Task<bool> TryClaimAsync(string jti, DateTimeOffset now, DateTimeOffset forgetAt, Deed deed)
    {
        object?[] parameters =
        [
            TokenHash.Of(jti),
            UnixMicroseconds.From(forgetAt),
            UnixMicroseconds.From(now),
            AuditEvents.OneTimeTokenClaimed,
            deed.Actor,
            deed.IpAddress,
            AuditText.Printable(jti),
        ];
        var claimed = db.Database.IsNpgsql() ? await TryClaimInPostgresAsync(parameters) : await TryClaimInSqliteAsync(parameters);
        metrics.Claimed(claimed);
        return claimed;
    }

    public Task<bool> IsClaimedAsync(string jti)
    {
        var hash = TokenHash.Of(jti);
        return db.Set<Claim>().AnyAsync(claim => claim.JtiHash == hash);
    }

    /// <summary>Forgets some claims whose tokens are long dead.</summary>
    public Task<int> DeleteForgottenAsync(DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var passOverLocked = db.Database.IsNpgsql() ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $"DELETE FROM claims WHERE jti_hash IN (SELECT jti_hash FROM claims WHERE forget_at <= {{0}} ORDER BY forget_at LIMIT {{1}} {passOverLocked})";
        return db.Database.ExecuteSqlRawAsync(sql, [UnixMicroseconds.From(now), limit], cancellation);
    }

    private async Task<bool> TryClaimInPostgresAsync(object?[] parameters)
    {
        const string Sql = $$"""
            WITH claimed AS ({{Insert}} RETURNING 1),
                 recorded AS ({{Record}}, CASE WHEN EXISTS (SELECT 1 FROM claimed) THEN 0 ELSE 1 END)
            SELECT count(*)::int AS "Value" FROM claimed
            """;
        return await db.Database.SqlQueryRaw<int>(Sql, parameters!).ToListAsync() is [1];
    }

    private Task<bool> TryClaimInSqliteAsync(object?[] parameters) => StoreTransaction.RunAsync(db, async transaction =>
    {
        var claimed = await db.Database.ExecuteSqlRawAsync(Insert, parameters!);
        await db.Database.ExecuteSqlRawAsync($"{Record}, 1 - changes()", parameters!);
        await transaction.CommitAsync();
        return claimed == 1;
    });
}
