using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Puts on record what comes of sign-ins with identity providers.</summary>
internal sealed class ProviderReports(
    Store store, RefusalNotes refusals, SignInMetrics metrics, TimeProvider clock, ILogger<ProviderReports> logger)
{
    private const string ProviderFact = "provider";

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>For whoever runs the service: what exactly does not hold is told to nobody else.</summary>
    public RefusalReason NoteFault(IdentityProvider provider, ProviderException error)
    {
        var (reason, cause) = (ReasonOf(error), error.InWords);
        if (error.IsUnreachable)
            SignInLog.ProviderUnreachable(logger, provider.Title, cause);
        else
            SignInLog.WrongProviderAnswer(logger, provider.Title, cause);
        Note(provider, reason);
        return reason;
    }

    /// <returns>Null when the provider cannot be asked.</returns>
    public async Task<(ProviderState State, string Address)?> TryBeginAsync(
        IdentityProvider provider, Func<Task<(ProviderState State, string Address)>> begin)
    {
        try
        {
            return await begin();
        }
        catch (ProviderException error)
        {
            NoteFault(provider, error);
            return null;
        }
    }

    public async Task RefuseAsync(IdentityProvider provider, RefusalReason reason, AuditActor by)
    {
        Note(provider, reason);
        metrics.Wrong();
        await store.InsertAsync(by.CreateEntry(
            AuditEvents.SignIn, Now, principal: null, AuditOutcome.Refused, detail: $"{provider.Title}: {reason.ToCode()}"));
    }

    public async Task ReportAsync(Principal person, SignInOutcome outcome, AuditActor by)
    {
        switch (outcome)
        {
            case SignInOutcome.SignedIn:
                metrics.Right();
                break;
            case SignInOutcome.Refused(var reason):
                refusals.Add(reason, person.Id);
                metrics.Wrong();
                await store.InsertAsync(by.CreateEntry(AuditEvents.SignIn, Now, person.Id, AuditOutcome.Refused, detail: "fed"));
                break;
        }
    }

    /// <summary>Somebody else belongs to the identity that a person wants to sign in with.</summary>
    public async Task RefuseLinkAsync(Principal person, ProviderIdentity identity, IdentityProvider provider, AuditActor by)
    {
        refusals.Add(RefusalReason.IdentityTaken, person.Id);
        var wanted = NewPeople.LinkOf(person, identity, provider, Now);
        await store.InsertAsync(by.CreateEntry(
            AuditEvents.IdentityLinked, wanted.CreatedAt, person.Id, AuditOutcome.Refused, detail: wanted.ToAuditText()));
    }

    private static RefusalReason ReasonOf(ProviderException error) =>
        error.IsUnreachable ? RefusalReason.ProviderUnreachable : RefusalReason.WrongProviderAnswer;

    private void Note(IdentityProvider provider, RefusalReason reason) =>
        refusals.Add(new RefusalNote(reason) { Facts = [RefusalFact.Of(ProviderFact, provider.Title)] });
}
