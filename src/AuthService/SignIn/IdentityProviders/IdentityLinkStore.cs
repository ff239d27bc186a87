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

    /// <summary>Everybody who has the address, verified or not, but for the deleted; two are enough to know that it is not one.</summary>
    public Task<List<Principal>> FindByAddressAsync(string foldedEmail) => store.ReadAsync(db => db.Set<Principal>().AsNoTracking()
        .Where(p => p.FoldedEmail == foldedEmail && p.State != PrincipalState.Deleted).OrderBy(p => p.Number).Take(2).ToListAsync());

    public Task AddAsync(IdentityLink link) => store.InsertAsync(link);

    /// <summary>Inside the transaction of a sign-in.</summary>
    /// <returns>False when the link was removed meanwhile.</returns>
    public async Task<bool> TryUseAsync(long person, ProviderIdentity identity, DateTimeOffset now) => await store.WriteAsync(
        $"""
        UPDATE identity_links SET last_used_at = {UnixMicroseconds.From(now)}
        WHERE issuer = {identity.Issuer} AND subject = {identity.Subject} AND principal_number = {person}
        """) == 1;
}
