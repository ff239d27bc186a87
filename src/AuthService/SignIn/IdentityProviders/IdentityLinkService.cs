using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.SignIn.SecondFactors;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Adds and removes a person's own links to identity providers.</summary>
internal sealed class IdentityLinkService(IdentityLinkStore links, WaysToSignIn ways, FactorChanges changes)
{
    /// <param name="person">The person who has proved the identity, in a session of theirs.</param>
    /// <param name="identity">The account at the provider.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="by">The audit actor.</param>
    /// <returns>False when the identity belongs to somebody else.</returns>
    public async Task<bool> TryAddAsync(Principal person, ProviderIdentity identity, IdentityProvider provider, AuditActor by)
    {
        var added = await changes.TryMakeAsync(
            person,
            async now =>
            {
                var link = NewPeople.LinkOf(person, identity, provider, now);
                return await links.TryAddAsync(link) ? link.ToAddition() : null;
            },
            by);
        return added || (await links.FindPersonAsync(identity))?.Number == person.Number;
    }

    public Task<WayRemoval> RemoveAsync(Principal person, Guid id, AuditActor by) => ways.RemoveAsync(
        person,
        id,
        find: async () => (await links.ListAsync(person.Number)).Find(link => link.Id == id)?.ToRemoval(),
        remove: now => links.TryRemoveAsync(person.Number, id, now),
        by);
}

/// <summary>Creates the audit text and the notice for changes of links.</summary>
internal static class IdentityChanges
{
    public static FactorChange ToAddition(this IdentityLink link) => Of(link, AuditEvents.IdentityLinked, IdentityNotices.Added(link.Provider, link.Id));

    public static FactorChange ToRemoval(this IdentityLink link) => Of(link, AuditEvents.IdentityUnlinked, IdentityNotices.Removed(link.Provider));

    private static FactorChange Of(IdentityLink link, string name, Notice notice) =>
        new(name, notice) { Detail = link.ToAuditText() };
}
