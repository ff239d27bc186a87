using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Storage;

namespace AuthService.SignIn.Passkeys;

/// <summary>Signs people in with a passkey, which counts as two factors: the authenticator, and the check by which it verified its user.</summary>
internal sealed class PasskeySignInService(
    PasskeyCeremonies ceremonies, PasskeyStore passkeys, PasskeyReports reports, SignInCompletion completion, SignInMetrics metrics)
{
    public Task<PasskeyPrompt> BeginAsync(SignInSite site) => ceremonies.BeginSignInAsync(site.Name);

    public async Task<SignInOutcome> SignInAsync(PasskeyAnswer answer, SignInSite site, SignInClient client)
    {
        var by = new AuditActor(Actor: null, client.IpAddress);
        if (await ceremonies.TrySignInAsync(answer) is not (var used, var service) || service != site.Name)
            return await RefuseAsync(person: null, by);
        var proof = new Proof(used.Person, [used.Method, AuthenticationMethods.Several])
        {
            PasskeyId = (await passkeys.FindAsync(used.CredentialId))?.Id,
            Consume = () => passkeys.TryUseAsync(used.Person.Number, used, reports.Now),
        };
        var outcome = await completion.CompleteAsync(proof, site, client, by);
        if (outcome is SignInOutcome.Refused(var reason))
            return await RefuseAsync(used.Person, by, reason is RefusalReason.WrongCode ? RefusalReason.WrongPasskey : reason);
        if (outcome is SignInOutcome.SignedIn)
            metrics.Right();
        return outcome;
    }

    /// <summary>Refuses the sign-in. The caller gets the same answer for every reason.</summary>
    private async Task<SignInOutcome> RefuseAsync(Principal? person, AuditActor by, RefusalReason reason = RefusalReason.WrongPasskey)
    {
        metrics.Wrong();
        await reports.RefuseAsync(person, by, AuditEvents.SignIn, reason);
        return new SignInOutcome.Refused(RefusalReason.WrongPasskey);
    }
}

/// <summary>Records refused passkeys.</summary>
internal sealed class PasskeyReports(Store store, TimeProvider clock, RefusalNotes refusals)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <param name="person">The owner of the passkey; null when unknown.</param>
    /// <param name="by">The audit actor who tried.</param>
    /// <param name="attempted">The audit event that the passkey was for, one of <see cref="AuditEvents"/>.</param>
    /// <param name="reason">The reason for the operator.</param>
    public Task RefuseAsync(Principal? person, AuditActor by, string attempted, RefusalReason reason = RefusalReason.WrongPasskey)
    {
        refusals.Add(reason, person?.Id);
        return store.InsertAsync(by.CreateEntry(attempted, Now, person?.Id, AuditOutcome.Refused, detail: "wrong passkey"));
    }
}
