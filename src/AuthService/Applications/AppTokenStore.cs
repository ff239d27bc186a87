using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Applications;

/// <summary>Keeps app tokens under their hash.</summary>
internal sealed class AppTokenStore(AuthDbContext db, ApplicationQueries queries)
{
    /// <summary>The token whatever its end: whoever asks compares it with the clock.</summary>
    public Task<VerifiedAppToken?> FindAsync(byte[] hash) => db.AskAsync(queries.ByToken, hash);

    public async Task AddAsync(IssuedAppToken token)
    {
        db.Add(token);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
    }

    /// <summary>No token of the application lives longer than until <paramref name="end"/>; one that ends sooner keeps its end.</summary>
    /// <returns>How many now end sooner than before.</returns>
    public Task<int> EndAllAsync(Application application, DateTimeOffset end) => db.Set<IssuedAppToken>()
        .Where(token => token.ApplicationNumber == application.Number && token.ExpireAt > end)
        .ExecuteUpdateAsync(set => set.SetProperty(token => token.ExpireAt, end));

    /// <returns>How many of them were alive.</returns>
    public Task<int> DeleteAllAsync(Application application, DateTimeOffset now) => db.Set<IssuedAppToken>()
        .Where(token => token.ApplicationNumber == application.Number && token.ExpireAt > now)
        .ExecuteDeleteAsync();

    /// <returns>False when the token is unknown or dead.</returns>
    public async Task<bool> TryDeleteAsync(byte[] hash, DateTimeOffset now) =>
        await db.Set<IssuedAppToken>().Where(token => token.Hash == hash && token.ExpireAt > now).ExecuteDeleteAsync() == 1;

    /// <summary>Deletes some dead tokens; instances that do so at the same time take different ones.</summary>
    public Task<int> DeleteExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var passOverLocked = db.IsPostgres ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $"DELETE FROM app_tokens WHERE hash IN (SELECT hash FROM app_tokens WHERE expire_at <= {{0}} ORDER BY expire_at LIMIT {{1}} {passOverLocked})";
        return db.Database.ExecuteSqlRawAsync(sql, [UnixMicroseconds.From(now), limit], cancellation);
    }
}
