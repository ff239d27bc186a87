using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Stores the links between identities at providers and people.</summary>
internal sealed class IdentityLinkStore(Store store)
{
    /// <summary>Finds the person of an identity, including people who may not sign in any more.</summary>
    public Task<Principal?> FindPersonAsync(ProviderIdentity identity) => store.ReadAsync(db => db.Set<IdentityLink>().AsNoTracking()
        .Where(link => link.Issuer == identity.Issuer && link.Subject == identity.Subject)
        .Join(db.Set<Principal>().AsNoTracking(), link => link.PrincipalNumber, p => p.Number, (_, p) => p)
        .FirstOrDefaultAsync());

    public Task<Guid?> FindIdAsync(ProviderIdentity identity) => store.ReadAsync(db => db.Set<IdentityLink>()
        .Where(link => link.Issuer == identity.Issuer && link.Subject == identity.Subject).Select(link => (Guid?)link.Id).FirstOrDefaultAsync());

    /// <summary>
    /// Finds the people who have the address, verified or not, except deleted ones. It returns at most two: more are not needed to see that it is not unique.
    /// </summary>
    public Task<List<Principal>> FindByAddressAsync(string foldedEmail) => store.ReadAsync(db => db.Set<Principal>().AsNoTracking()
        .Where(p => p.FoldedEmail == foldedEmail && p.State != PrincipalState.Deleted).OrderBy(p => p.Number).Take(2).ToListAsync());

    /// <returns>The links of the person, oldest first.</returns>
    public Task<List<IdentityLink>> ListAsync(long person) => store.ReadAsync(db => db.Set<IdentityLink>().AsNoTracking()
        .Where(link => link.PrincipalNumber == person).OrderBy(link => link.CreatedAt).ThenBy(link => link.Id).ToListAsync());

    /// <summary>Counts the people that each issuer has here.</summary>
    public Task<Dictionary<string, int>> CountPeopleAsync() => store.ReadAsync(db => db.Set<IdentityLink>()
        .Where(link => db.Set<Principal>().Any(p => p.Number == link.PrincipalNumber && p.State != PrincipalState.Deleted))
        .GroupBy(link => link.Issuer)
        .Select(group => new { Issuer = group.Key, People = group.Select(link => link.PrincipalNumber).Distinct().Count() })
        .ToDictionaryAsync(group => group.Issuer, group => group.People, StringComparer.Ordinal));

    /// <summary>Adds a link at the person's own request, and forgets that it was removed before. Runs inside the caller's transaction.</summary>
    /// <returns>False when the identity is already linked, to this person or another.</returns>
    public async Task<bool> TryAddAsync(IdentityLink added)
    {
        var isNew = await store.WriteAsync(
            $"""
            INSERT INTO identity_links (id, principal_number, issuer, subject, provider, name, created_at)
            VALUES ({added.Id}, {added.PrincipalNumber}, {added.Issuer}, {added.Subject}, {added.Provider}, {added.Name},
                    {UnixMicroseconds.From(added.CreatedAt)})
            ON CONFLICT (issuer, subject) DO NOTHING
            """) == 1;
        if (isNew)
            await store.WriteAsync(db => Removed(db, added.PrincipalNumber, added.Issuer, added.Subject).ExecuteDeleteAsync());
        return isNew;
    }

    /// <summary>Checks whether the identity was removed from the person, and not added by them since.</summary>
    public Task<bool> WasRemovedAsync(long person, ProviderIdentity identity) =>
        store.ReadAsync(db => Removed(db, person, identity.Issuer, identity.Subject).AnyAsync());

    /// <summary>Removes a link. Runs inside the caller's transaction, which holds the row lock of the person.</summary>
    public async Task<bool> TryRemoveAsync(long person, Guid id, DateTimeOffset now) =>
        await store.RemoveIdentityLinksAsync($"principal_number = {person} AND id = {id}", now) is [_];

    /// <summary>Records that the link was used, inside the transaction of a sign-in.</summary>
    /// <returns>False when the link was removed meanwhile.</returns>
    public async Task<bool> TryUseAsync(long person, ProviderIdentity identity, DateTimeOffset now) => await store.WriteAsync(
        $"""
        UPDATE identity_links SET last_used_at = {UnixMicroseconds.From(now)}
        WHERE issuer = {identity.Issuer} AND subject = {identity.Subject} AND principal_number = {person}
        """) == 1;

    private static IQueryable<RemovedIdentity> Removed(AuthDbContext db, long person, string issuer, string subject) => db.Set<RemovedIdentity>()
        .Where(removed => removed.PrincipalNumber == person && removed.Issuer == issuer && removed.Subject == subject);
}
