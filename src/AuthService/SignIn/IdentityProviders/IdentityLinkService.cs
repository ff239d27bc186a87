using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.SignIn.Passkeys;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn.IdentityProviders;

internal abstract record UnlinkOutcome
{
    private UnlinkOutcome()
    {
    }

    internal sealed record Removed : UnlinkOutcome;

    /// <summary>The person has no such link.</summary>
    internal sealed record Unknown : UnlinkOutcome;

    /// <summary>There would be nothing left to sign in with.</summary>
    internal sealed record LastWay : UnlinkOutcome;
}

/// <summary>A person's own links to identity providers.</summary>
internal sealed class IdentityLinkService(IdentityLinkStore links, WaysToSignIn ways, FactorChanges changes)
{
    public Task<List<IdentityLink>> ListAsync(Principal person) => links.ListAsync(person.Number);

    /// <param name="person">Who has shown it, in a session of theirs.</param>
    /// <param name="identity">Who they are there.</param>
    /// <param name="provider">Where.</param>
    /// <param name="by">Who does it.</param>
    /// <returns>False when the identity is somebody else's.</returns>
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

    /// <summary>Of two links that are removed at once the last one stays.</summary>
    public async Task<UnlinkOutcome> RemoveAsync(Principal person, Guid id, AuditActor by)
    {
        UnlinkOutcome outcome = new UnlinkOutcome.Unknown();
        await changes.TryMakeAloneAsync(
            person,
            async _ =>
            {
                var all = await links.ListAsync(person.Number);
                var link = all.Find(link => link.Id == id);
                outcome = link is null ? new UnlinkOutcome.Unknown()
                    : await ways.HasOtherAsync(person, all.Where(other => other.Id != id)) ? new UnlinkOutcome.Removed()
                    : new UnlinkOutcome.LastWay();
                if (link is null || outcome is not UnlinkOutcome.Removed)
                    return null;
                await links.TryRemoveAsync(person.Number, id);
                return link.ToRemoval();
            },
            by);
        return outcome;
    }
}

/// <summary>With what a person can sign in.</summary>
internal sealed class WaysToSignIn(PasskeyStore passkeys, Store store, IOptionsMonitor<IdentityProviderOptions> providers)
{
    /// <summary>In the caller's transaction, which holds the person. A link to a provider that is not configured any more is none.</summary>
    /// <param name="person">As they were read.</param>
    /// <param name="links">The links that are left.</param>
    public async Task<bool> HasOtherAsync(Principal person, IEnumerable<IdentityLink> links) =>
        links.Any(link => providers.CurrentValue.HasIssuer(link.Issuer))
        || await store.FindHeldAsync(person.Number) is { PasswordHash: not null }
        || await passkeys.CountAsync(person.Number) > 0;
}

/// <summary>What is put on record, and told, of a link.</summary>
internal static class IdentityChanges
{
    public static FactorChange ToAddition(this IdentityLink link) => Of(link, AuditEvents.IdentityLinked, IdentityNotices.Added(link.Provider, link.Id));

    public static FactorChange ToRemoval(this IdentityLink link) => Of(link, AuditEvents.IdentityUnlinked, IdentityNotices.Removed(link.Provider));

    private static FactorChange Of(IdentityLink link, string name, Notice notice) =>
        new(name, notice) { Detail = $"{link.Provider} {AuditText.Printable(link.Subject)}" };
}
