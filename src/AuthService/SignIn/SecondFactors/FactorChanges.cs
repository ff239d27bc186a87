using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Storage;

namespace AuthService.SignIn.SecondFactors;

/// <summary>What happened to a second factor.</summary>
/// <param name="Event">One of <see cref="AuditEvents"/>.</param>
/// <param name="Notice">What the person hears of it; null of what is no news to them.</param>
internal sealed record FactorChange(string Event, Notice? Notice)
{
    public Guid? SessionId { get; init; }

    public string? Detail { get; init; }
}

/// <summary>Changes of a person's second factors: with their audit entry and their notice, all or nothing.</summary>
internal sealed class FactorChanges(SessionStore sessions, NoticeSender notices, Store store, TimeProvider clock)
{
    /// <param name="person">Whose factor it is.</param>
    /// <param name="change">Makes the change; null when it could not be made, and nothing is kept.</param>
    /// <param name="by">Who does it.</param>
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

    /// <summary>The same with the person held from the beginning: changes that depend on what is left come one after the other.</summary>
    /// <inheritdoc cref="TryMakeAsync"/>
    public Task<bool> TryMakeAloneAsync(Principal person, Func<DateTimeOffset, Task<FactorChange?>> change, AuditActor by) =>
        store.InAdministrationAsync(by, clock, person, administratorsToo: false, async (_, now) =>
        {
            if (await change(now) is not { } made)
                return false;
            await RecordAsync(person, made, by, now);
            return true;
        });

    /// <summary>Inside the caller's transaction.</summary>
    public async Task RecordAsync(Principal person, FactorChange made, AuditActor by, DateTimeOffset now)
    {
        await store.InsertAsync(by.CreateEntry(made.Event, now, person.Id, sessionId: made.SessionId, detail: made.Detail));
        if (made.Notice is { } notice)
            await notices.SendAsync(person, notice);
    }

    /// <summary>
    /// The session counts as one with two factors, inside the caller's transaction. The time of the last proof stays: whoever has only got hold of the
    /// session has proved nothing.
    /// </summary>
    public Task<bool> TryRaiseAsync(Session session, string method) => sessions.TryProveWithinAsync(
        session, session.AuthenticatedAt, AuthenticationMethods.WithSecond(session.AuthenticationMethods, method));
}
