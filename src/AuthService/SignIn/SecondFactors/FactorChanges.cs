using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Storage;

namespace AuthService.SignIn.SecondFactors;

/// <summary>A change of a second factor.</summary>
/// <param name="Event">The audit event, one of <see cref="AuditEvents"/>.</param>
/// <param name="Notice">The notice to the person; null when the change needs none.</param>
internal sealed record FactorChange(string Event, Notice? Notice)
{
    public Guid? SessionId { get; init; }

    public string? Detail { get; init; }
}

/// <summary>Changes a person's second factors together with the audit entry and the notice, in one transaction.</summary>
internal sealed class FactorChanges(SessionStore sessions, NoticeSender notices, Store store, TimeProvider clock)
{
    /// <param name="person">The owner of the factor.</param>
    /// <param name="change">Makes the change; null when it was not possible and the transaction is to be rolled back.</param>
    /// <param name="by">The audit actor.</param>
    public Task<bool> TryMakeAsync(Principal person, Func<DateTimeOffset, Task<FactorChange?>> change, AuditActor by) => store.InTransactionOfAsync(
        by,
        clock,
        async now =>
        {
            if (await change(now) is not { } made)
                return false;
            await RecordAsync(person, made, by, now);
            return true;
        },
        isKept: made => made);

    /// <summary>
    /// Makes a change while holding the person's row lock from the beginning: changes that depend on what remains run one after the other.
    /// </summary>
    /// <inheritdoc cref="TryMakeAsync"/>
    public Task<bool> TryMakeAloneAsync(Principal person, Func<DateTimeOffset, Task<FactorChange?>> change, AuditActor by) =>
        store.InAdministrationAsync(by, clock, person, administratorsToo: false, async (_, now) =>
        {
            if (await change(now) is not { } made)
                return false;
            await RecordAsync(person, made, by, now);
            return true;
        });

    /// <summary>Records the change and sends its notice, inside the caller's transaction.</summary>
    public async Task RecordAsync(Principal person, FactorChange made, AuditActor by, DateTimeOffset now)
    {
        await store.InsertAsync(by.CreateEntry(made.Event, now, person.Id, sessionId: made.SessionId, detail: made.Detail));
        if (made.Notice is { } notice)
            await notices.SendAsync(person, notice);
    }

    /// <summary>
    /// Marks the session as one with two factors, inside the caller's transaction. The time of the last proof stays, because an attacker who has stolen
    /// the session has proved nothing.
    /// </summary>
    public Task<bool> TryRaiseAsync(Session session, string method) => sessions.TryProveWithinAsync(
        session, session.AuthenticatedAt, AuthenticationMethods.WithSecond(session.AuthenticationMethods, method));
}
