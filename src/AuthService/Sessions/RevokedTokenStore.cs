using AuthService.Audit;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>Remembers revoked tokens until they are dead by themselves. That one is not revoked is part of the look-up of its principal.</summary>
internal sealed class RevokedTokenStore(AuthDbContext db)
{
    /// <summary>For instances whose clock is behind that of the one that cleans up.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <returns>False when it was revoked before.</returns>
    public Task<bool> TryAddAsync(byte[] fingerprint, DateTimeOffset expiresAt, AuditEvent record) => StoreTransaction.RunAsync(db, async transaction =>
    {
        var added = await db.Database.ExecuteSqlAsync(
            $"INSERT INTO revoked_tokens (token_hash, forget_at) VALUES ({fingerprint}, {UnixMicroseconds.From(expiresAt + Margin)}) ON CONFLICT (token_hash) DO NOTHING");
        if (added == 0)
            return false;
        db.Add(record);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
        await transaction.CommitAsync();
        return true;
    });

    /// <summary>Forgets some tokens that are dead by themselves.</summary>
    public Task<int> DeleteForgottenAsync(DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var passOverLocked = db.IsPostgres ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $"DELETE FROM revoked_tokens WHERE token_hash IN (SELECT token_hash FROM revoked_tokens WHERE forget_at <= {{0}} ORDER BY forget_at LIMIT {{1}} {passOverLocked})";
        return db.Database.ExecuteSqlRawAsync(sql, [UnixMicroseconds.From(now), limit], cancellation);
    }
}
