using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Principals;

/// <summary>Looks principals up and adds them. What changes their standing goes through <c>Sessions/PrincipalChangeService</c>.</summary>
internal sealed class PrincipalStore(AuthDbContext db)
{
    public Task<Principal?> FindPersonAsync(Guid uuid) => db.AskAsync(
        static (db, uuid) => db.Set<Principal>().AsNoTracking().FirstOrDefaultAsync(p => p.Uuid == uuid && p.Type == PrincipalType.Person), uuid);

    /// <summary>By the name as somebody typed it.</summary>
    public Task<Principal?> FindByNameAsync(PrincipalName name) => db.AskAsync(
        static (db, folded) => db.Set<Principal>().AsNoTracking().FirstOrDefaultAsync(p => p.FoldedId == folded), name.Folded);

    /// <summary>The service or provider whose standing credential this is.</summary>
    public Task<Principal?> FindByRefreshTokenAsync(byte[] hash) => db.AskAsync(
        static (db, hash) => db.Set<Principal>().AsNoTracking().FirstOrDefaultAsync(p => p.RefreshTokenHash == hash), hash);

    public Task<bool> AnyAsync(CancellationToken cancellation) => db.Set<Principal>().AnyAsync(cancellation);

    public async Task<PrincipalPage> ListAsync(PrincipalFilter filter, int itemsPerPage, int page)
    {
        var found = db.Set<Principal>().AsNoTracking();
        if (filter.Query is { Length: > 0 } query)
            found = found.Where(p => p.SearchText.Contains(query));
        if (filter.Role is { } role)
            found = found.Where(p => p.Role == role);
        found = filter.State is { } state ? found.Where(p => p.State == state) : found.Where(p => p.State != PrincipalState.Deleted);
        return new PrincipalPage(
            await found.CountAsync(),
            await found.OrderBy(p => p.FoldedId).Skip(page * itemsPerPage).Take(itemsPerPage).ToListAsync());
    }

    /// <summary>Keeps a stronger hash of the same password, unless the password was changed in the meantime.</summary>
    public Task ReplaceHashAsync(Principal principal, string hash) => db.Set<Principal>()
        .Where(p => p.Number == principal.Number && p.PasswordHash == principal.PasswordHash)
        .ExecuteUpdateAsync(set => set.SetProperty(p => p.PasswordHash, hash));
}

/// <param name="Query">Part of the id, the e-mail address or a name, folded.</param>
/// <param name="Role">Only this role.</param>
/// <param name="State">Only this state; deleted ones are listed on request alone.</param>
internal sealed record PrincipalFilter(string? Query, Role? Role, PrincipalState? State);

internal sealed record PrincipalPage(int ItemsInTotal, IReadOnlyList<Principal> Items);
