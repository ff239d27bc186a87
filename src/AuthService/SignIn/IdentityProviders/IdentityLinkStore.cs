using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Keeps who is who.</summary>
internal sealed class IdentityLinkStore(Store store)
{
    /// <summary>Also somebody who may not sign in any more.</summary>
    public Task<Principal?> FindPersonAsync(ProviderIdentity identity) => store.ReadAsync(db => db.Set<IdentityLink>().AsNoTracking()
        .Where(link => link.Issuer == identity.Issuer && link.Subject == identity.Subject)
        .Join(db.Set<Principal>().AsNoTracking(), link => link.PrincipalNumber, p => p.Number, (_, p) => p)
        .FirstOrDefaultAsync());

    public Task<Guid?> FindIdAsync(ProviderIdentity identity) => store.ReadAsync(db => db.Set<IdentityLink>()
        .Where(link => link.Issuer == identity.Issuer && link.Subject == identity.Subject).Select(link => (Guid?)link.Id).FirstOrDefaultAsync());

    /// <summary>Everybody who has the address, verified or not, but for the deleted; two are enough to know that it is not one.</summary>
    public Task<List<Principal>> FindByAddressAsync(string foldedEmail) => store.ReadAsync(db => db.Set<Principal>().AsNoTracking()
        .Where(p => p.FoldedEmail == foldedEmail && p.State != PrincipalState.Deleted).OrderBy(p => p.Number).Take(2).ToListAsync());

    /// <returns>Those of a person, the oldest first.</returns>
    public Task<List<IdentityLink>> ListAsync(long person) => store.ReadAsync(db => db.Set<IdentityLink>().AsNoTracking()
        .Where(link => link.PrincipalNumber == person).OrderBy(link => link.CreatedAt).ThenBy(link => link.Id).ToListAsync());

    /// <summary>How many people each issuer has here.</summary>
    public Task<Dictionary<string, int>> CountPeopleAsync() => store.ReadAsync(db => db.Set<IdentityLink>()
        .Where(link => db.Set<Principal>().Any(p => p.Number == link.PrincipalNumber && p.State != PrincipalState.Deleted))
        .GroupBy(link => link.Issuer)
        .Select(group => new { Issuer = group.Key, People = group.Select(link => link.PrincipalNumber).Distinct().Count() })
        .ToDictionaryAsync(group => group.Issuer, group => group.People, StringComparer.Ordinal));

    /// <summary>The person wants it; that it was removed before does not count any more. Inside the caller's transaction.</summary>
    /// <returns>False when somebody belongs to this identity already, whoever it is.</returns>
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

    /// <summary>Whether it was taken from the person, and not added by them since.</summary>
    public Task<bool> WasRemovedAsync(long person, ProviderIdentity identity) =>
        store.ReadAsync(db => Removed(db, person, identity.Issuer, identity.Subject).AnyAsync());

    /// <summary>Inside the caller's transaction, which holds the person.</summary>
    public async Task<bool> TryRemoveAsync(long person, Guid id, DateTimeOffset now) =>
        await store.RemoveIdentityLinksAsync($"principal_number = {person} AND id = {id}", now) is [_];

    /// <summary>Inside the transaction of a sign-in.</summary>
    /// <returns>False when the link was removed meanwhile.</returns>
    public async Task<bool> TryUseAsync(long person, ProviderIdentity identity, DateTimeOffset now) => await store.WriteAsync(
        $"""
        UPDATE identity_links SET last_used_at = {UnixMicroseconds.From(now)}
        WHERE issuer = {identity.Issuer} AND subject = {identity.Subject} AND principal_number = {person}
        """) == 1;

    private static IQueryable<RemovedIdentity> Removed(AuthDbContext db, long person, string issuer, string subject) => db.Set<RemovedIdentity>()
        .Where(removed => removed.PrincipalNumber == person && removed.Issuer == issuer && removed.Subject == subject);
}
