using System.Diagnostics;
using System.Security.Cryptography;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Principals.Passwords;
using AuthService.Refusals;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.SignIn;

/// <summary>Protects a name against password guessing, across all instances: reserve an attempt, judge the password, report the result.</summary>
internal sealed class Lockout(LockoutStore records, Store store, SignInMetrics metrics, TimeProvider clock, RefusalNotes refusals)
{
    private const int MostMillisecondsAfterOthers = 20;

    /// <summary>Judging does not take this long. Results that have not come by then are probably lost with an instance or the database.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Reserves an attempt. While the allowed number of attempts is being judged, it waits some seconds for their results.</summary>
    /// <param name="name">The name as typed.</param>
    /// <param name="device">The token that identifies the browser. Attempts from a device that is known for the name are counted separately.</param>
    /// <param name="requestAborted">Cancelled when the caller disconnects.</param>
    public async Task<LockoutTurn> TryBeginAsync(PrincipalName name, DeviceToken? device, CancellationToken requestAborted)
    {
        var subject = LockoutSubject.Of(name);
        var pause = FirstPause;
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < LongestWait;)
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
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                    break;
                default:
                    await AfterOthersAsync(requestAborted);
                    break;
            }
        }

        return new LockoutTurn(subject, LongestPause);
    }

    /// <summary>Judges the password of a reserved attempt. If the request is aborted before the password was judged, the attempt does not count.</summary>
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

    /// <summary>Reports that the password was wrong, or that no principal has the name.</summary>
    /// <param name="subject">The name or device that the attempt counts for.</param>
    /// <param name="principal">The id of the principal that has the name; null when there is none.</param>
    /// <param name="by">The audit actor who tried.</param>
    /// <param name="reason">The reason for the log; the caller never gets it.</param>
    /// <param name="attempted">The audit event that the password was for, one of <see cref="AuditEvents"/>.</param>
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
            if (!subject.IsDevice) // the lock of a device affects only that device
                await records.ShowAsync(subject.Name, next.LockedUntil);
            await store.InsertAsync(by.CreateEntry(AuditEvents.SignInLocked, now, principal, detail: next.ToAuditText()));
            return true;
        });
        metrics.Wrong();
        if (lockBegan)
            metrics.LockBegan();
    }

    /// <summary>
    /// Reports that the name was locked and no password was judged. It is recorded like any refusal, but neither counts as a failure nor extends the lock.
    /// </summary>
    public async Task ReportLockedAsync(PrincipalName name, TimeSpan retryAfter, AuditActor by, string attempted = AuditEvents.SignIn) =>
        await ReportLockedAsync(await records.FindPrincipalIdAsync(name), retryAfter, by, attempted);

    /// <summary>Reports that a person who has proved who they are is locked.</summary>
    public async Task ReportLockedAsync(string? principal, TimeSpan retryAfter, AuditActor by, string attempted = AuditEvents.SignIn)
    {
        metrics.Locked();
        refusals.Add(new RefusalNote(RefusalReason.NameLocked) { Principal = principal, Facts = [RefusalFact.Of("retryAfter", retryAfter)] });
        await store.InsertAsync(by.CreateEntry(attempted, clock.GetUtcNow(), principal, AuditOutcome.Refused, detail: "locked"));
    }

    /// <summary>Reports that the password was right, but something else prevents the sign-in.</summary>
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

    /// <summary>Resets the failures, the lock and the severity.</summary>
    public Task UnlockAsync(Principal principal, AuditActor by) => store.InTransactionOfAsync(by, clock, async now =>
    {
        var name = PrincipalName.Of(principal);
        await records.RemoveAsync(name);
        await records.ShowAsync(name, lockedUntil: null);
        await store.InsertAsync(by.CreateEntry(AuditEvents.Unlocked, now, principal.Id));
        return true;
    });

    /// <summary>
    /// Reports a success on a known device. It also removes the failures of the name if a success of the name would do so now.
    /// If another attempt changes the record of the name at the same moment, the failures stay: the person is already
    /// signed in and must not wait for an attacker.
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

    /// <summary>Waits a short random time after a lost compare-and-swap, so that the callers that compete for one record do not all retry at once.</summary>
    private static Task AfterOthersAsync(CancellationToken requestAborted) =>
        Task.Delay(RandomNumberGenerator.GetInt32(MostMillisecondsAfterOthers), requestAborted);
}
