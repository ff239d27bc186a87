using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions.PrincipalChanges;

namespace AuthService.SignIn.IdentityProviders;

internal abstract record LinkedOutcome
{
    private LinkedOutcome()
    {
    }

    internal sealed record Found(Principal Person) : LinkedOutcome;

    /// <summary>The identity belongs to no person, and no account is created.</summary>
    internal sealed record Refused(RefusalReason Reason) : LinkedOutcome;
}

/// <summary>
/// Finds the person of an identity by issuer and subject. At a first sign-in it links or creates the person as the provider's settings say.
/// </summary>
internal sealed class LinkedPeople(
    IdentityLinkStore links, LinkingByAddress addresses, NewPeople newPeople, PrincipalChangeService changes, PrincipalStore principals)
{
    public async Task<LinkedOutcome> FindAsync(ProviderIdentity identity, IdentityProvider provider, AuditActor by, DateTimeOffset now)
    {
        if (await links.FindPersonAsync(identity) is { } known)
            return new LinkedOutcome.Found(await WithRoleAsync(known, identity, provider));
        var outcome = await FindUnlinkedAsync(identity, provider, by, now);
        return outcome is LinkedOutcome.Refused && await links.FindPersonAsync(identity) is { } meanwhile
            ? new LinkedOutcome.Found(await WithRoleAsync(meanwhile, identity, provider))
            : outcome;
    }

    /// <returns>The id of the link; null when there is none.</returns>
    public Task<Guid?> FindLinkAsync(ProviderIdentity identity) => links.FindIdAsync(identity);

    /// <summary>Records that the link was used, inside the transaction that creates the session.</summary>
    /// <returns>False when the link was removed meanwhile.</returns>
    public Task<bool> TryUseLinkAsync(Principal person, ProviderIdentity identity, DateTimeOffset now) => links.TryUseAsync(person.Number, identity, now);

    /// <summary>
    /// Links or creates the person as the provider's settings say. It may be refused because another sign-in of the same identity
    /// created the person at the same moment.
    /// </summary>
    private async Task<LinkedOutcome> FindUnlinkedAsync(ProviderIdentity identity, IdentityProvider provider, AuditActor by, DateTimeOffset now)
    {
        if (await addresses.ListOwnersAsync(identity) is { Count: > 0 } owners)
        {
            return await addresses.TryLinkAsync(owners, identity, provider, by, now) is { } linked
                ? new LinkedOutcome.Found(await WithRoleAsync(linked, identity, provider))
                : new LinkedOutcome.Refused(RefusalReason.AddressTaken);
        }

        if (!provider.CreatePersons)
            return new LinkedOutcome.Refused(RefusalReason.IdentityNotLinked);
        return await newPeople.TryCreateAsync(identity, provider, by, now) is { } made
            ? new LinkedOutcome.Found(made)
            : new LinkedOutcome.Refused(RefusalReason.IdentityNotLinked);
    }

    /// <summary>
    /// Sets the person's role as the provider says, except that the last administrator keeps the role. If somebody else changed the person
    /// at the same moment, it tries again, so that nobody keeps a role that the provider has withdrawn.
    /// </summary>
    private async Task<Principal> WithRoleAsync(Principal person, ProviderIdentity identity, IdentityProvider provider)
    {
        if (provider.Role is not { } rule)
            return person;
        var change = new PrincipalUpdate { Role = NewPeople.RoleOf(identity, rule) };
        while (person.State is PrincipalState.Enabled && person.Role != change.Role
            && await changes.ApplyAsync(person, change, AuditActor.Service) is not PrincipalChangeResult.LastAdministrator)
        {
            person = await principals.FindByNumberAsync(person.Number) ?? throw new InvalidOperationException("The row of a principal stays");
        }

        return person;
    }
}
