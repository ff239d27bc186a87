using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Storage;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Records the results of sign-ins with identity providers.</summary>
internal sealed class ProviderReports(
    Store store, RefusalNotes refusals, SignInMetrics metrics, TimeProvider clock, ILogger<ProviderReports> logger)
{
    private const string ProviderFact = "provider";

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Logs for the operator what exactly is wrong; nobody else is told.</summary>
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

    /// <summary>Records that a person wanted to link an identity that belongs to somebody else.</summary>
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
