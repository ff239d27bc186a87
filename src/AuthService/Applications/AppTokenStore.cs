using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Applications;

/// <summary>Stores app tokens by their hash.</summary>
internal sealed class AppTokenStore(Store store, AppTokenQueries queries)
{
    /// <summary>Finds a token even when it has expired; the caller checks the time.</summary>
    public Task<VerifiedAppToken?> FindAsync(byte[] hash) => store.ReadAsync(db => queries.ByToken(db, hash));

    public Task AddAsync(AppTokenRecord token) => store.InsertAsync(token);

    /// <summary>Makes the tokens expire at <paramref name="end"/> at the latest; one that expires sooner stays unchanged.</summary>
    /// <returns>The number of tokens that now expire sooner.</returns>
    public Task<int> ShortenAllAsync(Application application, string[]? sessionIds, DateTimeOffset end) => store.WriteAsync(db =>
        Select(db, application, sessionIds).Where(token => token.ExpireAt > end).ExecuteUpdateAsync(set => set.SetProperty(token => token.ExpireAt, end)));

    /// <returns>The number of deleted tokens, which had not expired.</returns>
    public Task<int> DeleteAllAsync(Application application, string[]? sessionIds, DateTimeOffset now) => store.WriteAsync(db =>
        Select(db, application, sessionIds).Where(token => token.ExpireAt > now).ExecuteDeleteAsync());

    /// <returns>False when the token is unknown or has expired.</returns>
    public async Task<bool> TryDeleteAsync(byte[] hash, DateTimeOffset now) =>
        await store.WriteAsync(db => db.Set<AppTokenRecord>().Where(token => token.Hash == hash && token.ExpireAt > now).ExecuteDeleteAsync()) == 1;

    /// <summary>Selects the tokens of an application, or only those that were issued with one of the session ids.</summary>
    private static IQueryable<AppTokenRecord> Select(AuthDbContext db, Application application, string[]? sessionIds)
    {
        var ofApplication = db.Set<AppTokenRecord>().Where(token => token.ApplicationNumber == application.Number);
        return sessionIds is null ? ofApplication : ofApplication.Where(token => token.SessionId != null && sessionIds.Contains(token.SessionId));
    }
}

/// <summary>
/// The queries for app tokens, compiled once. A compiled query belongs to one model, and so to one host, which is why the field is not static.
/// </summary>
internal sealed class AppTokenQueries
{
    public Func<AuthDbContext, byte[], Task<VerifiedAppToken?>> ByToken { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, byte[] hash) => db.Set<AppTokenRecord>().AsNoTracking()
            .Where(token => token.Hash == hash)
            .Join(db.Set<Application>(), token => token.ApplicationNumber, a => a.Number, (token, a) => new VerifiedAppToken(token, a))
            .FirstOrDefault());
}
