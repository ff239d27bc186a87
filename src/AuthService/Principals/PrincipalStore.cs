using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Principals;

/// <summary>Finds and lists principals.</summary>
internal sealed class PrincipalStore(Store store, RefreshTokenPrincipalLookUp byRefreshToken)
{
    public Task<Principal?> FindPersonAsync(Guid uuid) => store.ReadAsync(
        db => db.Set<Principal>().AsNoTracking().FirstOrDefaultAsync(p => p.Uuid == uuid && p.Type == PrincipalType.Person));

    public Task<Principal?> FindByNumberAsync(long number) => store.ReadAsync(
        db => db.Set<Principal>().AsNoTracking().FirstOrDefaultAsync(p => p.Number == number));

    /// <summary>Finds a principal by its id in any letter case. A deleted principal is not found; only lists show it on request.</summary>
    public async Task<Principal?> FindByIdAsync(string id) =>
        await FindEvenDeletedAsync(id) is { State: not PrincipalState.Deleted } principal ? principal : null;

    public async Task<Principal?> FindEvenDeletedAsync(string id) => PrincipalName.TryParse(id, out var name) ? await FindByNameAsync(name) : null;

    /// <summary>
    /// Returns the stored spelling of an id that is given in any letter case, also for a deleted principal. An unknown id is returned unchanged.
    /// </summary>
    public async Task<string?> FindExactIdAsync(string? id) => id is not null && await FindEvenDeletedAsync(id) is { } principal ? principal.Id : id;

    /// <summary>Finds a principal by a name as it was typed.</summary>
    public Task<Principal?> FindByNameAsync(PrincipalName name) => store.ReadAsync(
        db => db.Set<Principal>().AsNoTracking().FirstOrDefaultAsync(p => p.FoldedId == name.Folded));

    /// <summary>Finds the service or provider that has this service refresh token, or had it before a renewal with an overlap that still lasts.</summary>
    public async Task<Principal?> FindByRefreshTokenAsync(byte[] hash, DateTimeOffset now) =>
        await byRefreshToken.Batcher.ExecuteAsync(store, hash) is { } principal
        && (hash.AsSpan().SequenceEqual(principal.RefreshTokenHash) || principal.PreviousRefreshTokenUntil > now)
            ? principal
            : null;

    public Task<bool> AnyAsync(CancellationToken cancellation) => store.ReadAsync(db => db.Set<Principal>().AnyAsync(cancellation));

    public async Task<NumberedPage<Principal>> ListAsync(PrincipalFilter filter, int itemsPerPage, int page) => new(
        await store.ReadAsync(db => Filter(db.Set<Principal>(), filter).CountAsync()),
        await store.ReadAsync(db => Filter(db.Set<Principal>(), filter).AsNoTracking()
            .OrderBy(p => p.FoldedId).Skip(page * itemsPerPage).Take(itemsPerPage).ToListAsync()));

    /// <summary>Lists the enabled administrators who are persons.</summary>
    public Task<List<Principal>> ListAdministratorsAsync() => store.ReadAsync(db => db.Set<Principal>().AsNoTracking()
        .Where(p => p.Role == Role.Admin && p.State == PrincipalState.Enabled && p.Type == PrincipalType.Person).OrderBy(p => p.Number).ToListAsync());

    /// <summary>Stores a stronger hash of the same password, unless the password was changed in the meantime.</summary>
    public Task ReplaceHashAsync(Principal principal, string hash) => store.WriteAsync(db => db.Set<Principal>()
        .Where(p => p.Number == principal.Number && p.PasswordHash == principal.PasswordHash)
        .ExecuteUpdateAsync(set => set.SetProperty(p => p.PasswordHash, hash)));

    private static IQueryable<Principal> Filter(IQueryable<Principal> found, PrincipalFilter filter)
    {
        if (filter.Query is { Length: > 0 } query)
            found = found.Where(p => p.SearchText.Contains(query));
        if (filter.Role is { } role)
            found = found.Where(p => p.Role == role);
        return filter.State is { } state ? found.Where(p => p.State == state) : found.Where(p => p.State != PrincipalState.Deleted);
    }
}

/// <summary>Selects the principals of a list.</summary>
/// <param name="Query">A part of the id, the e-mail address or a name, in folded form; null for no restriction.</param>
/// <param name="Role">The role; null for every role.</param>
/// <param name="State">The state; null for every state except deleted.</param>
internal sealed record PrincipalFilter(string? Query, Role? Role, PrincipalState? State);
