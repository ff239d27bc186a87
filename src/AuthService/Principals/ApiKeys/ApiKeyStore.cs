using AuthService.Revocations;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Principals.ApiKeys;

/// <summary>Stores the API keys of services by their hash.</summary>
internal sealed class ApiKeyStore(Store store, ApiKeyQueries queries, RevocationReceipts receipts)
{
    private static readonly TimeSpan ListedAfterExpiry = TimeSpan.FromDays(30);

    public Task<ApiKeyWithService?> FindAsync(byte[] hash) => store.ReadAsync(db => queries.ByHash(db, hash));

    /// <summary>Lists the keys of a service, oldest first.</summary>
    public Task<List<ApiKeyRecord>> ListAsync(Principal service) =>
        store.ReadAsync(db => Of(db, service).AsNoTracking().OrderBy(key => key.CreatedAt).ThenBy(key => key.Id).ToListAsync());

    public Task AddAsync(ApiKeyRecord key) => store.InsertAsync(key);

    /// <summary>
    /// Locks the service against being disabled or deleted until the transaction ends. Doing so revokes its keys, and that must include the key that is being
    /// created.
    /// </summary>
    /// <returns>False when the service is not enabled.</returns>
    public Task<bool> TryHoldEnabledAsync(Principal service) =>
        store.TryHoldAsync($"principals WHERE number = {service.Number} AND state = {(int)PrincipalState.Enabled}", RowLock.AgainstChange);

    public Task TouchAsync(ApiKeyRecord key, DateTimeOffset now) =>
        store.WriteAsync(db => db.Set<ApiKeyRecord>().Where(k => k.Id == key.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now)));

    /// <summary>Deletes a key and revokes the tokens that were issued for it, inside the caller's transaction.</summary>
    /// <returns>False when there is no such key, or it belongs to another service.</returns>
    public async Task<bool> TryDeleteAsync(Principal service, Guid id, DateTimeOffset now)
    {
        if (await store.WriteAsync(db => Of(db, service).Where(key => key.Id == id).ExecuteDeleteAsync()) == 0)
            return false;
        await receipts.RevokeAsync(IdentityRevocation.OfApiKey(id, now), now);
        return true;
    }

    /// <summary>Deletes some keys that expired long ago. Until then the list shows why a service is refused.</summary>
    public Task<int> DeleteExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<ApiKeyRecord>(nameof(ApiKeyRecord.ExpireAt), now - ListedAfterExpiry, limit, cancellation);

    public Task DeleteAllAsync(Principal service) => store.WriteAsync(db => Of(db, service).ExecuteDeleteAsync());

    private static IQueryable<ApiKeyRecord> Of(AuthDbContext db, Principal service) =>
        db.Set<ApiKeyRecord>().Where(key => key.PrincipalNumber == service.Number);
}

/// <summary>The queries for API keys, compiled once. A compiled query belongs to one model, and so to one host, which is why the field is not static.</summary>
internal sealed class ApiKeyQueries
{
    public Func<AuthDbContext, byte[], Task<ApiKeyWithService?>> ByHash { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, byte[] hash) => db.Set<ApiKeyRecord>().AsNoTracking()
            .Where(key => key.Hash == hash)
            .Join(db.Set<Principal>(), key => key.PrincipalNumber, p => p.Number, (key, p) => new ApiKeyWithService(key, p))
            .FirstOrDefault());
}
