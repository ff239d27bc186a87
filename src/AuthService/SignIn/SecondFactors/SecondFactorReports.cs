using System.Globalization;
using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Storage;

namespace AuthService.SignIn.SecondFactors;

/// <summary>Records refused codes.</summary>
internal sealed class SecondFactorReports(
    Store store, NoticeSender notices, SignInMetrics metrics, TimeProvider clock, RefusalNotes refusals)
{
    private static readonly string Stopped = string.Create(
        CultureInfo.InvariantCulture,
        $"after {SecondFactorStore.MostInARow} wrong codes in a row, until a recovery code, a new password (not one by mail) or the removal of the app");

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <param name="person">The owner of the challenge; null when unknown.</param>
    /// <param name="by">The audit actor who tried.</param>
    /// <param name="limits">The limits that the wrong code reached.</param>
    /// <param name="attempted">The audit event that the code was for, one of <see cref="AuditEvents"/>.</param>
    /// <param name="reason">The reason for the operator; the caller gets the same answer for every reason.</param>
    public async Task RefuseAsync(
        Principal? person, AuditActor by, CodeLimits limits = default, string attempted = AuditEvents.SignIn, RefusalReason reason = RefusalReason.WrongCode)
    {
        var now = Now;
        refusals.Add(reason, person?.Id);
        await store.InTransactionAsync(async () =>
        {
            await store.InsertAsync(by.CreateEntry(attempted, now, person?.Id, AuditOutcome.Refused, detail: "wrong code"));
            if (person is not null)
                await ReportLimitsAsync(person, by, limits, now);
        });
        metrics.WrongCode();
    }

    public async Task ReportClosedAsync(Principal person, AuditActor by, TimeSpan retryAfter, string attempted = AuditEvents.SignIn)
    {
        refusals.Add(new RefusalNote(RefusalReason.SecondFactorClosed) { Principal = person.Id, Facts = [RefusalFact.Of("retryAfter", retryAfter)] });
        await store.InsertAsync(by.CreateEntry(attempted, Now, person.Id, AuditOutcome.Refused, detail: "the second step is closed"));
    }

    /// <summary>Records the limits that were reached and sends one notice, even when both were reached: the stop lasts longer than the hour.</summary>
    private async Task ReportLimitsAsync(Principal person, AuditActor by, CodeLimits limits, DateTimeOffset now)
    {
        if (limits is { Closes: false, Stops: false })
            return;
        var until = now + SecondFactorStore.Window;
        if (limits.Closes)
            await store.InsertAsync(by.CreateEntry(AuditEvents.SecondFactorClosed, now, person.Id, detail: $"until {until:O}"));
        if (limits.Stops)
            await store.InsertAsync(by.CreateEntry(AuditEvents.SecondFactorClosed, now, person.Id, detail: Stopped));
        await notices.SendAsync(person, SignInNotices.SecondStepClosed(until, stoppedAfter: limits.Stops ? SecondFactorStore.MostInARow : null));
    }
}
