using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;

namespace AuthService.SignIn;

/// <summary>Guards a name against guessing, over all instances: reserve an attempt, judge the password, report what it showed.</summary>
internal sealed class Lockout(LockoutStore store, AuthDbContext db, SignInMetrics metrics, TimeProvider clock)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Reserves an attempt. While as many as are allowed are being judged, it waits for what they show.</summary>
    /// <returns>Null when the password may be judged now; otherwise how long the name stays locked.</returns>
    public async Task<TimeSpan?> TryBeginAsync(PrincipalName name)
    {
        var wait = await TryReserveAsync(name);
        if (wait is not null)
            metrics.Locked();
        return wait;
    }

    /// <summary>The password was wrong, or nobody has the name.</summary>
    /// <param name="name">As it was typed.</param>
    /// <param name="principal">Who has the name; null when nobody has.</param>
    /// <param name="deed">Who tried.</param>
    /// <param name="attempted">What the password was for, one of <see cref="AuditEvents"/>.</param>
    public Task ReportFailureAsync(
        PrincipalName name, string? principal, Deed deed, string attempted = AuditEvents.SignIn) => StoreTransaction.RunAsync(db, async transaction =>
    {
        var next = await ReplaceAsync(name, record => record.Failed(clock.GetUtcNow()));
        var now = clock.GetUtcNow();
        db.Add(deed.Record(attempted, now, principal, AuditOutcome.Refused));
        if (now < next.LockedUntil)
        {
            await store.ShowAsync(name, next.LockedUntil);
            db.Add(deed.Record(AuditEvents.SignInLocked, now, principal, detail: $"until {next.LockedUntil:O}, severity {next.Severity}"));
        }

        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        metrics.Wrong();
        if (now < next.LockedUntil)
            metrics.LockBegan();
    });

    /// <summary>The name was locked, so nothing was judged. This is on record like any refusal; it neither counts nor lengthens the lock.</summary>
    public async Task ReportLockedAsync(PrincipalName name, Deed deed, string attempted = AuditEvents.SignIn)
    {
        db.Add(deed.Record(attempted, clock.GetUtcNow(), await store.FindPrincipalIdAsync(name), AuditOutcome.Refused, detail: "locked"));
        await db.SaveChangesAsync();
    }

    public async Task ReportSuccessAsync(PrincipalName name)
    {
        await ReplaceAsync(name, record => record.Succeeded(clock.GetUtcNow()));
        metrics.Right();
    }

    /// <summary>Forgets failures, lock and severity.</summary>
    public Task UnlockAsync(PrincipalName name, string principal, Deed deed) => StoreTransaction.RunAsync(db, async transaction =>
    {
        await store.RemoveAsync(name.Hash());
        await store.ShowAsync(name, lockedUntil: null);
        db.Add(deed.Record(AuditEvents.Unlocked, clock.GetUtcNow(), principal));
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    });

    private async Task<TimeSpan?> TryReserveAsync(PrincipalName name)
    {
        var hash = name.Hash();
        var pause = FirstPause;
        for (var waited = TimeSpan.Zero; waited < LongestWait;)
        {
            var now = clock.GetUtcNow();
            var row = await store.FindAsync(hash);
            switch ((row?.ToRecord() ?? LockoutRecord.Clean).Begin(now))
            {
                case LockoutVerdict.Judge(var next) when await store.TryReplaceAsync(hash, row, next):
                    return null;
                case LockoutVerdict.Locked(var until, var next) when next is null || await store.TryReplaceAsync(hash, row, next):
                    return until - now;
                case LockoutVerdict.Wait:
                    await Task.Delay(pause);
                    waited += pause;
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                    break;
            }
        }

        return LongestPause;
    }

    private async Task<LockoutRecord> ReplaceAsync(PrincipalName name, Func<LockoutRecord, LockoutRecord> change)
    {
        var hash = name.Hash();
        while (true)
        {
            var row = await store.FindAsync(hash);
            var next = change(row?.ToRecord() ?? LockoutRecord.Clean);
            if (await store.TryReplaceAsync(hash, row, next))
                return next;
        }
    }
}
