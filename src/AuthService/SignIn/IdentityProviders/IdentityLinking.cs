using AuthService.Audit;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;

namespace AuthService.SignIn.IdentityProviders;

internal abstract record LinkOutcome
{
    private LinkOutcome()
    {
    }

    /// <summary>The person signs in with it from now on, or did already.</summary>
    internal sealed record Linked : LinkOutcome;

    /// <summary>There was no such request, it was answered before, or it is too old; or the person's sign-ins from then do not count any more.</summary>
    internal sealed record UnknownState : LinkOutcome;

    /// <summary>The person did not want to, or the provider did not let them.</summary>
    internal sealed record Declined : LinkOutcome;

    internal sealed record Refused(RefusalReason Reason) : LinkOutcome;
}

/// <summary>People who have signed in show who they are at an identity provider, to sign in with that from then on. Nobody is signed in by it.</summary>
internal sealed class IdentityLinking(
    ProviderCeremonies ceremonies, ProviderProtocol protocol, SignInChallengeStore challenges, IdentityLinkService links, ProviderReports reports)
{
    /// <returns>Null when the provider cannot be asked.</returns>
    public Task<(ProviderState State, string Address)?> TryBeginAsync(IdentityProvider provider, SessionWithPrincipals owned) =>
        reports.TryBeginAsync(provider, () => ceremonies.BeginLinkAsync(provider, owned));

    /// <param name="provider">At whose callback the answer came.</param>
    /// <param name="state">Of a request that this browser made.</param>
    /// <param name="query">All of the answer.</param>
    /// <param name="client">Who brings it.</param>
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
