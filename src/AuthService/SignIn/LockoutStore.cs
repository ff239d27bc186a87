using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn;

/// <summary>Reads records and replaces them by compare-and-swap: one statement decides who of two instances was first.</summary>
internal sealed class LockoutStore(AuthDbContext db, TimeProvider clock)
{
    /// <returns>Null when nothing is on record for the name.</returns>
    public Task<LockoutRow?> FindAsync(byte[] nameHash) => db.AskAsync(
        static (db, nameHash) => db.Set<LockoutRow>().AsNoTracking().FirstOrDefaultAsync(row => row.NameHash == nameHash), nameHash);

    /// <returns>False when the record is no longer the one that <paramref name="next"/> was made from.</returns>
    public Task<bool> TryReplaceAsync(byte[] nameHash, LockoutRow? old, LockoutRecord next)
    {
        var now = clock.GetUtcNow();
        if (old is null)
            return TryInsertAsync(LockoutRow.From(nameHash, Guid.CreateVersion7(now), next));
        return next.ForgetAt <= now ? TryDeleteAsync(old) : TryUpdateAsync(old, LockoutRow.From(nameHash, Guid.CreateVersion7(now), next));
    }

    public Task RemoveAsync(byte[] nameHash) => db.Set<LockoutRow>().Where(row => row.NameHash == nameHash).ExecuteDeleteAsync();

    public Task<string?> FindPrincipalIdAsync(PrincipalName name) =>
        db.Set<Principal>().Where(p => p.FoldedId == name.Folded).Select(p => p.Id).FirstOrDefaultAsync();

    /// <summary>Shows the lock at the principal that has the name, if there is one.</summary>
    public Task ShowAsync(PrincipalName name, DateTimeOffset? lockedUntil) => db.Set<Principal>()
        .Where(p => p.FoldedId == name.Folded)
        .ExecuteUpdateAsync(set => set.SetProperty(p => p.LockedUntil, lockedUntil));

    /// <summary>Deletes some records that say nothing any more.</summary>
    public Task<int> DeleteForgottenAsync(DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var passOverLocked = db.IsPostgres ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $"DELETE FROM lockouts WHERE name_hash IN (SELECT name_hash FROM lockouts WHERE forget_at <= {{0}} ORDER BY forget_at LIMIT {{1}} {passOverLocked})";
        return db.Database.ExecuteSqlRawAsync(sql, [UnixMicroseconds.From(now), limit], cancellation);
    }

    private async Task<bool> TryInsertAsync(LockoutRow row) => await db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO lockouts (name_hash, version, attempts, judging, severity, locked_until, forget_at)
        VALUES ({row.NameHash}, {row.Version}, {row.Attempts}, {row.Judging}, {row.Severity}, NULL, {UnixMicroseconds.From(row.ForgetAt)})
        ON CONFLICT (name_hash) DO NOTHING
        """) == 1;

    private async Task<bool> TryUpdateAsync(LockoutRow old, LockoutRow row) => await SameVersion(old).ExecuteUpdateAsync(set => set
        .SetProperty(r => r.Version, row.Version)
        .SetProperty(r => r.Attempts, row.Attempts)
        .SetProperty(r => r.Judging, row.Judging)
        .SetProperty(r => r.Severity, row.Severity)
        .SetProperty(r => r.LockedUntil, row.LockedUntil)
        .SetProperty(r => r.ForgetAt, row.ForgetAt)) == 1;

    private async Task<bool> TryDeleteAsync(LockoutRow old) => await SameVersion(old).ExecuteDeleteAsync() == 1;

    private IQueryable<LockoutRow> SameVersion(LockoutRow old) =>
        db.Set<LockoutRow>().Where(row => row.NameHash == old.NameHash && row.Version == old.Version);
}
