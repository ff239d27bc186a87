using AuthService.Audit;
using AuthService.Refusals;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;

namespace AuthService.SignIn.IdentityProviders;

internal abstract record LinkOutcome
{
    private LinkOutcome()
    {
    }

    /// <summary>The person can sign in with the identity from now on, or could already.</summary>
    internal sealed record Linked : LinkOutcome;

    /// <summary>
    /// There was no such request, it was answered before, or it has expired; or the person's security stamp has changed since.
    /// </summary>
    internal sealed record UnknownState : LinkOutcome;

    /// <summary>The person declined, or the provider did not let them in.</summary>
    internal sealed record Declined : LinkOutcome;

    internal sealed record Refused(RefusalReason Reason) : LinkOutcome;
}

/// <summary>Links an identity at a provider to a person who is signed in, so that they can sign in with it later. It signs nobody in.</summary>
internal sealed class IdentityLinking(
    ProviderCeremonies ceremonies, ProviderProtocol protocol, SignInChallengeStore challenges, IdentityLinkService links, ProviderReports reports)
{
    /// <param name="provider">The provider of the callback that received the answer.</param>
    /// <param name="state">The state of a request that this browser made.</param>
    /// <param name="query">The complete query of the answer.</param>
    /// <param name="client">The client that brings the answer.</param>
    public async Task<LinkOutcome> FinishAsync(IdentityProvider provider, ProviderState state, QueryString query, SignInClient client)
    {
        if (await ceremonies.TryTakeAsync(state, ChallengeKind.ProviderLink) is not { Challenge: var challenge } answered
            || await challenges.FindPersonAsync(challenge) is not { } person)
        {
            return new LinkOutcome.UnknownState();
        }

        var by = new AuditActor(person.Id, client.IpAddress)
        {
            SessionId = challenge.SessionId,
            Entitlement = new Entitlement(person.Number, challenge.SecurityStamp) { SessionId = challenge.SessionId },
        };
        try
        {
            if (answered.Provider != provider.Title)
                throw new ProviderException("the answer came to the callback of another provider");
            var identity = await protocol.ReadAnswerAsync(provider, state, query, answered.Request);
            if (await links.TryAddAsync(person, identity, provider, by))
                return new LinkOutcome.Linked();
            await reports.RefuseLinkAsync(person, identity, provider, by);
            return new LinkOutcome.Refused(RefusalReason.IdentityTaken);
        }
        catch (ProviderException error)
        {
            return new LinkOutcome.Refused(reports.NoteFault(provider, error));
        }
    }

    public async Task<LinkOutcome> DeclineAsync(ProviderState state) =>
        await ceremonies.TryTakeAsync(state, ChallengeKind.ProviderLink) is null ? new LinkOutcome.UnknownState() : new LinkOutcome.Declined();
}
