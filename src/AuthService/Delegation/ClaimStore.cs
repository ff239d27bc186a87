using AuthService.Audit;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Delegation;

/// <summary>The used one-time tokens. The first insert wins, and the audit row written with it says which one it was.</summary>
internal sealed class ClaimStore(AuthDbContext db, SharedClaims shared, DelegationMetrics metrics)
{
    /// <returns>False when the <c>jti</c> was claimed before.</returns>
    public async Task<bool> TryClaimAsync(string jti, DateTimeOffset now, DateTimeOffset forgetAt, Deed deed)
    {
        var attempt = new ClaimAttempt(TokenHash.Of(jti), UnixMicroseconds.From(forgetAt), UnixMicroseconds.From(now), deed, AuditText.Printable(jti));
        var claimed = db.IsPostgres ? await shared.TryClaimAsync(attempt) : await TryClaimInSqliteAsync(attempt);
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
        var passOverLocked = db.IsPostgres ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $"DELETE FROM claims WHERE jti_hash IN (SELECT jti_hash FROM claims WHERE forget_at <= {{0}} ORDER BY forget_at LIMIT {{1}} {passOverLocked})";
        return db.Database.ExecuteSqlRawAsync(sql, [UnixMicroseconds.From(now), limit], cancellation);
    }

    private Task<bool> TryClaimInSqliteAsync(ClaimAttempt attempt) => StoreTransaction.RunAsync(db, async transaction =>
    {
        var claimed = await db.Database.ExecuteSqlAsync(
            $"INSERT INTO claims (jti_hash, forget_at) VALUES ({attempt.JtiHash}, {attempt.ForgetAt}) ON CONFLICT (jti_hash) DO NOTHING");
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO audit_events (at, event, actor, ip_address, detail, outcome)
            VALUES ({attempt.At}, {AuditEvents.OneTimeTokenClaimed}, {attempt.Deed.Actor}, {attempt.Deed.IpAddress}, {attempt.Detail}, {1 - claimed})
            """);
        await transaction.CommitAsync();
        return claimed == 1;
    });
}
