using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using Microsoft.AspNetCore.Identity;

namespace AuthService.SignIn.Passkeys;

internal abstract record PasskeyOutcome
{
    private PasskeyOutcome()
    {
    }

    internal sealed record Added(Passkey Passkey) : PasskeyOutcome;

    /// <summary>The browser's answer is not valid, or the passkey exists already.</summary>
    internal sealed record Wrong : PasskeyOutcome;

    /// <summary>The person has the maximum number of passkeys.</summary>
    internal sealed record Full : PasskeyOutcome;
}

/// <summary>Adds and renames a person's passkeys.</summary>
internal sealed class PasskeyService(
    PasskeyStore passkeys, SignInChallengeStore challenges, FactorChanges changes, Store store, TimeProvider clock)
{
    /// <summary>The most passkeys of one person; browsers get all of them to choose from.</summary>
    public const int Most = 20;

    /// <summary>Adds a passkey. The session in which it is created then counts as one with two factors.</summary>
    /// <param name="owned">The session.</param>
    /// <param name="made">The passkey that the authenticator created.</param>
    /// <param name="name">The name that the person chose.</param>
    /// <param name="by">The audit actor.</param>
    public Task<PasskeyOutcome> AddAsync(SessionWithPrincipals owned, UserPasskeyInfo made, string name, AuditActor by) => store.InAdministrationAsync(
        by, clock, owned.Principal, administratorsToo: false, async (_, now) =>
        {
            var (person, session) = (owned.Principal, owned.Session);
            if (await passkeys.CountAsync(person.Number) >= Most)
                return (PasskeyOutcome)new PasskeyOutcome.Full();
            var added = Passkey.From(made, person, name, now);
            if (!await passkeys.TryAddAsync(added))
                return new PasskeyOutcome.Wrong();
            await challenges.VoidSetUpAsync(person.Number); // from now on an app is a further factor, which requires a recent proof
            if (!await changes.TryRaiseAsync(session, Passkey.MethodOf(made)))
                throw new CallerRevokedException();
            var notice = FactorNotices.PasskeyAdded(added.Id);
            await changes.RecordAsync(
                person, new FactorChange(AuditEvents.PasskeyAdded, notice) { SessionId = session.Id, Detail = $"{added.Id}" }, by, now);
            return new PasskeyOutcome.Added(added);
        });

    /// <returns>False when the person has no passkey with this id.</returns>
    public Task<bool> TryRenameAsync(Principal person, Guid id, string name, AuditActor by) => changes.TryMakeAsync(
        person,
        async _ => await passkeys.TryRenameAsync(person.Number, id, name)
            ? new FactorChange(AuditEvents.PasskeyRenamed, Notice: null) { Detail = $"{id}" }
            : null,
        by);
}

/// <summary>Adds an authenticator's passkey to the account of a person who is signed in.</summary>
internal sealed class PasskeyEnrolment(PasskeyCeremonies ceremonies, PasskeyService passkeys, PasskeyReports reports)
{
    public Task<PasskeyPrompt> BeginAsync(SessionWithPrincipals owned) => ceremonies.BeginSetUpAsync(owned.Principal, owned.Session.Id);

    public async Task<PasskeyOutcome> CompleteAsync(SessionWithPrincipals owned, PasskeyAnswer answer, string name, AuditActor by)
    {
        var outcome = await ceremonies.TrySetUpAsync(answer, owned.Session.Id) is { } made
            ? await passkeys.AddAsync(owned, made, name, by)
            : new PasskeyOutcome.Wrong();
        if (outcome is PasskeyOutcome.Wrong)
            await reports.RefuseAsync(owned.Principal, by, AuditEvents.PasskeyAdded);
        return outcome;
    }
}
