using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Principals;

/// <summary>Keeps the API keys of services under their hash.</summary>
internal sealed class ApiKeyStore(AuthDbContext db, ApiKeyQueries queries)
{
    public Task<OwnedApiKey?> FindAsync(byte[] hash) => db.AskAsync(queries.ByHash, hash);

    /// <summary>Oldest first.</summary>
    public Task<List<IssuedApiKey>> ListAsync(Principal service) =>
        Of(service).AsNoTracking().OrderBy(key => key.CreatedAt).ThenBy(key => key.Id).ToListAsync();

    public async Task AddAsync(IssuedApiKey key)
    {
        db.Add(key);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
    }

    /// <summary>
    /// Keeps the service from being disabled or deleted until the transaction is over: that ends its keys, the one that
    /// is being made included. SQLite's transactions exclude each other by themselves.
    /// </summary>
    /// <returns>False when it is not enabled.</returns>
    public async Task<bool> TryHoldEnabledAsync(Principal service)
    {
        var sql = $"SELECT 1 AS \"Value\" FROM principals WHERE number = {{0}} AND state = {{1}} {(db.IsPostgres ? "FOR SHARE" : "")}";
        return await db.Database.SqlQueryRaw<int>(sql, service.Number, (int)PrincipalState.Enabled).ToListAsync() is [1];
    }

    public Task TouchAsync(IssuedApiKey key, DateTimeOffset now) =>
        db.Set<IssuedApiKey>().Where(k => k.Id == key.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now));

    /// <returns>False when there is no such key, or it is another service's.</returns>
    public async Task<bool> TryDeleteAsync(Principal service, Guid id) => await Of(service).Where(key => key.Id == id).ExecuteDeleteAsync() == 1;

    public Task DeleteAllAsync(Principal service) => Of(service).ExecuteDeleteAsync();

    private IQueryable<IssuedApiKey> Of(Principal service) => db.Set<IssuedApiKey>().Where(key => key.PrincipalNumber == service.Number);
}

/// <summary>The look-up that a call with an API key makes, compiled once. A compiled query belongs to one model, and so to one host, hence no static field.</summary>
internal sealed class ApiKeyQueries
{
    public Func<AuthDbContext, byte[], Task<OwnedApiKey?>> ByHash { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, byte[] hash) => db.Set<IssuedApiKey>().AsNoTracking()
            .Where(key => key.Hash == hash)
            .Join(db.Set<Principal>(), key => key.PrincipalNumber, p => p.Number, (key, p) => new OwnedApiKey(key, p))
            .FirstOrDefault());
}
