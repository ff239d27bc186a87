using System.Security.Cryptography;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.SignIn;

/// <summary>Guards a name against guessing, over all instances: reserve an attempt, judge the password, report what it showed.</summary>
internal sealed class Lockout(LockoutStore records, Store store, SignInMetrics metrics, TimeProvider clock, RefusalNotes refusals)
{
    private const int MostMillisecondsAfterOthers = 20;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Reserves an attempt. While as many as are allowed are being judged, it waits for what they show.</summary>
    /// <param name="name">As it was typed.</param>
    /// <param name="device">What the browser is recognized by: guesses from a device that is known for the name count by themselves.</param>
    /// <param name="requestAborted">Nobody waits for the answer any more.</param>
    public async Task<LockoutTurn> TryBeginAsync(PrincipalName name, DeviceToken? device, CancellationToken requestAborted)
    {
        var subject = LockoutSubject.Of(name);
        var pause = FirstPause;
        for (var waited = TimeSpan.Zero; waited < LongestWait;)
        {
            var now = clock.GetUtcNow();
            (subject, var row) = await records.FindAsync(name, device);
            switch (subject.Read(row).Begin(now))
            {
                case LockoutVerdict.Judge(var next) when await records.TryReplaceAsync(subject.Key, row, next):
                    return new LockoutTurn(subject, RetryAfter: null);
                case LockoutVerdict.Locked(var until, var next) when next is null || await records.TryReplaceAsync(subject.Key, row, next):
                    return new LockoutTurn(subject, LockoutRecord.RetryAfter(until, now));
                case LockoutVerdict.Wait:
                    await Task.Delay(pause, requestAborted);
                    waited += pause;
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                    break;
                default:
                    await AfterOthersAsync(requestAborted);
                    break;
            }
        }

        return new LockoutTurn(subject, LongestPause);
    }

    /// <summary>Judges the password of a reserved attempt. Whoever hangs up before their turn came has not attempted anything.</summary>
    public async Task<PasswordCheck> JudgeAsync(LockoutSubject subject, Func<Task<PasswordCheck>> judge)
    {
        try
        {
            return await judge();
        }
        catch (OperationCanceledException)
        {
            await ReplaceAsync(subject, record => record.Withdrawn(clock.GetUtcNow()));
            throw;
        }
    }

    /// <summary>The password was wrong, or nobody has the name.</summary>
    /// <param name="subject">Whose attempt it was.</param>
    /// <param name="principal">Who has the name; null when nobody has.</param>
    /// <param name="by">Who tried.</param>
    /// <param name="reason">What was wrong, for the log.</param>
    /// <param name="attempted">What the password was for, one of <see cref="AuditEvents"/>.</param>
    public async Task ReportFailureAsync(
        LockoutSubject subject, string? principal, AuditActor by, RefusalReason reason, string attempted = AuditEvents.SignIn)
    {
        refusals.Add(reason, principal);
        var lockBegan = await store.InTransactionAsync(async () =>
        {
            var next = await ReplaceAsync(subject, record => record.Failed(clock.GetUtcNow()) with { IsNameOfPrincipal = principal is not null });
            var now = clock.GetUtcNow();
            await store.InsertAsync(by.CreateEntry(attempted, now, principal, AuditOutcome.Refused));
            if (!(now < next.LockedUntil))
                return false;
            if (!subject.IsDevice) // whose lock is no one else's concern
                await records.ShowAsync(subject.Name, next.LockedUntil);
            await store.InsertAsync(by.CreateEntry(AuditEvents.SignInLocked, now, principal, detail: next.ToAuditText()));
            return true;
        });
        metrics.Wrong();
        if (lockBegan)
            metrics.LockBegan();
    }

    /// <summary>The name was locked, so nothing was judged. This is on record like any refusal; it neither counts nor lengthens the lock.</summary>
    public async Task ReportLockedAsync(PrincipalName name, TimeSpan retryAfter, AuditActor by, string attempted = AuditEvents.SignIn) =>
        await ReportLockedAsync(await records.FindPrincipalIdAsync(name), retryAfter, by, attempted);

    /// <summary>The same of somebody who has shown who they are.</summary>
    public async Task ReportLockedAsync(string? principal, TimeSpan retryAfter, AuditActor by, string attempted = AuditEvents.SignIn)
    {
        metrics.Locked();
        refusals.Add(new RefusalNote(RefusalReason.NameLocked) { Principal = principal, Facts = [RefusalFact.Of("retryAfter", retryAfter)] });
        await store.InsertAsync(by.CreateEntry(attempted, clock.GetUtcNow(), principal, AuditOutcome.Refused, detail: "locked"));
    }

    /// <summary>The password was right, and something else keeps the person from signing in.</summary>
    public Task ReportRefusedAsync(string principal, AuditActor by, RefusalReason reason)
    {
        refusals.Add(reason, principal);
        return store.InsertAsync(by.CreateEntry(AuditEvents.SignIn, clock.GetUtcNow(), principal, AuditOutcome.Refused));
    }

    public async Task ReportSuccessAsync(LockoutSubject subject)
    {
        if (subject.IsDevice)
            await ReportDeviceSuccessAsync(subject);
        else
            await ReplaceAsync(subject, record => record.Succeeded(clock.GetUtcNow()));
        metrics.Right();
    }

    /// <summary>Forgets failures, lock and severity.</summary>
    public Task UnlockAsync(PrincipalName name, string principal, AuditActor by) => store.InTransactionOfAsync(by, clock, async now =>
    {
        await records.RemoveAsync(name);
        await records.ShowAsync(name, lockedUntil: null);
        await store.InsertAsync(by.CreateEntry(AuditEvents.Unlocked, now, principal));
        return true;
    });

    /// <summary>
    /// The failures of the name are forgotten too, where a success of the name would do so. When somebody else tries the name at this very
    /// moment they stay: the person is in already, and must not wait for whoever guesses.
    /// </summary>
    private async Task ReportDeviceSuccessAsync(LockoutSubject device)
    {
        while (true)
        {
            var (own, ofName) = await records.FindWithNameAsync(device);
            var now = clock.GetUtcNow();
            if (!await records.TryReplaceAsync(device.Key, own, device.Read(own).Succeeded(now)))
            {
                await AfterOthersAsync(CancellationToken.None);
                continue;
            }

            if (ofName?.ToRecord().SucceededElsewhere(now) is { } next)
                await records.TryReplaceAsync(ofName.NameHash, ofName, next);
            return;
        }
    }

    private async Task<LockoutRecord> ReplaceAsync(LockoutSubject subject, Func<LockoutRecord, LockoutRecord> change)
    {
        while (true)
        {
            var row = await records.FindAsync(subject.Key);
            var next = change(subject.Read(row));
            if (await records.TryReplaceAsync(subject.Key, row, next))
                return next;
            await AfterOthersAsync(CancellationToken.None);
        }
    }

    /// <summary>Of many who change one record at the same moment one succeeds; the others come back one after the other, and not all at once.</summary>
    private static Task AfterOthersAsync(CancellationToken requestAborted) => Task.Delay(RandomNumberGenerator.GetInt32(MostMillisecondsAfterOthers), requestAborted);
}
