using AuthService.Audit;
using AuthService.Mail;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Storage;

namespace AuthService.SignIn.SecondFactors;

/// <summary>Puts refused codes on record.</summary>
internal sealed class SecondFactorReports(
    Store store, NoticeSender notices, SignInMetrics metrics, TimeProvider clock, RefusalNotes refusals)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <param name="person">Whose challenge it is; null when nobody knows.</param>
    /// <param name="by">Who tried.</param>
    /// <param name="closes">Whether no further code is judged for a while.</param>
    /// <param name="attempted">What the code was for, one of <see cref="AuditEvents"/>.</param>
    /// <param name="reason">Why, for whoever runs the service; the caller is told the same whatever it is.</param>
    public async Task<AnswerOutcome> RefuseAsync(
        Principal? person, AuditActor by, bool closes = false, string attempted = AuditEvents.SignIn, RefusalReason reason = RefusalReason.WrongCode)
    {
        var now = Now;
        refusals.Add(reason, person?.Id);
        await store.InTransactionAsync(async () =>
        {
            await store.InsertAsync(by.CreateEntry(attempted, now, person?.Id, AuditOutcome.Refused, detail: "wrong code"));
            if (closes && person is not null)
                await CloseAsync(person, by, now);
        });
        metrics.WrongCode();
        return new AnswerOutcome.WrongCode();
    }

    public async Task<AnswerOutcome> ReportClosedAsync(Principal person, AuditActor by, TimeSpan retryAfter, string attempted = AuditEvents.SignIn)
    {
        refusals.Add(new RefusalNote(RefusalReason.SecondFactorClosed) { Principal = person.Id, Facts = [RefusalFact.Of("retryAfter", retryAfter)] });
        await store.InsertAsync(by.CreateEntry(attempted, Now, person.Id, AuditOutcome.Refused, detail: "the second step is closed"));
        return new AnswerOutcome.Closed(retryAfter);
    }

    private async Task CloseAsync(Principal person, AuditActor by, DateTimeOffset now)
    {
        var until = now + SecondFactorStore.Window;
        await store.InsertAsync(by.CreateEntry(AuditEvents.SecondFactorClosed, now, person.Id, detail: $"until {until:O}"));
        await notices.SendAsync(person, new Notice(MailKind.SecondStepClosed)
        {
            Fields = new Dictionary<string, string?>(StringComparer.Ordinal) { [MailField.Time] = MailField.TextOf(until) },
        });
    }
}
