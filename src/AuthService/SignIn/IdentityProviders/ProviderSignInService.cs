using System.Diagnostics;
using AuthService.Audit;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Tokens;

namespace AuthService.SignIn.IdentityProviders;

internal abstract record ProviderOutcome
{
    private ProviderOutcome()
    {
    }

    /// <summary>The identity belongs to a person, and the sign-in continued like any other.</summary>
    internal sealed record SignIn(SignInOutcome Outcome, SignInSite Site, bool OnPages) : ProviderOutcome;

    /// <summary>There was no such request, it was answered before, or it has expired.</summary>
    internal sealed record UnknownState : ProviderOutcome;

    /// <summary>The person declined, or the provider did not let them in.</summary>
    internal sealed record Declined : ProviderOutcome;

    internal sealed record Refused(RefusalReason Reason) : ProviderOutcome;
}

/// <summary>Signs people in with an identity provider.</summary>
internal sealed class ProviderSignInService(
    ProviderCeremonies ceremonies, ProviderProtocol protocol, LinkedPeople people, ProviderReports reports, SignInCompletion completion)
{
    /// <param name="provider">The provider of the callback that received the answer.</param>
    /// <param name="state">The state of a request that this browser made.</param>
    /// <param name="query">The complete query of the answer.</param>
    /// <param name="client">The client that brings the answer.</param>
    public async Task<ProviderOutcome> FinishAsync(IdentityProvider provider, ProviderState state, QueryString query, SignInClient client)
    {
        if (await ceremonies.TryTakeAsync(state) is not { } answered || completion.FindSite(answered.Challenge) is not { } site)
            return new ProviderOutcome.UnknownState();
        var by = new AuditActor(Actor: null, client.IpAddress);
        if (answered.Provider != provider.Title)
            return await RefuseAsync(provider, new ProviderException("the answer came to the callback of another provider"), by);
        try
        {
            var identity = await protocol.ReadAnswerAsync(provider, state, query, answered.Request);
            return await CompleteAsync(provider, identity, new ProviderErrand(site, answered.OnPages), client, by);
        }
        catch (ProviderException error)
        {
            return await RefuseAsync(provider, error, by);
        }
    }

    /// <summary>Ends a request because the person went back or the provider did not let them in. This is not recorded as a refusal.</summary>
    public async Task<ProviderOutcome> DeclineAsync(ProviderState state) =>
        await ceremonies.TryTakeAsync(state) is { } answered && completion.FindSite(answered.Challenge) is not null
            ? new ProviderOutcome.Declined()
            : new ProviderOutcome.UnknownState();

    private async Task<ProviderOutcome> CompleteAsync(
        IdentityProvider provider, ProviderIdentity identity, ProviderErrand errand, SignInClient client, AuditActor by)
    {
        switch (await people.FindAsync(identity, provider, by, reports.Now))
        {
            case LinkedOutcome.Found(var person):
                string[] methods = ProviderMethods.ShowSeveral(identity.Claims.Methods)
                    ? [AuthenticationMethods.Federated, AuthenticationMethods.Several]
                    : [AuthenticationMethods.Federated];
                var proof = new Proof(person, methods)
                {
                    Sso = new SsoOrigin(provider.Title, identity.Subject) { SessionId = identity.SessionId },
                    IdentityId = await people.FindLinkAsync(identity),
                    Consume = () => people.TryUseLinkAsync(person, identity, reports.Now),
                };
                var outcome = await completion.CompleteAsync(proof, errand.Site, client, by);
                if (outcome is SignInOutcome.Refused(RefusalReason.WrongCode))
                    outcome = new SignInOutcome.Refused(RefusalReason.IdentityNotLinked); // the link was removed meanwhile
                await reports.ReportAsync(person, outcome, by);
                return new ProviderOutcome.SignIn(outcome, errand.Site, errand.OnPages);
            case LinkedOutcome.Refused(var reason):
                await reports.RefuseAsync(provider, reason, by);
                return new ProviderOutcome.Refused(reason);
            case var other:
                throw new UnreachableException($"{other}");
        }
    }

    private async Task<ProviderOutcome> RefuseAsync(IdentityProvider provider, ProviderException error, AuditActor by)
    {
        var reason = reports.NoteFault(provider, error);
        await reports.RefuseAsync(provider, reason, by);
        return new ProviderOutcome.Refused(reason);
    }
}
