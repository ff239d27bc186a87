using Microsoft.EntityFrameworkCore.Storage;

namespace AuthService.Storage;

/// <summary>
/// A transaction for work that belongs together: one of its own or, where a caller has begun one already, a part of
/// that one, which then commits or takes back all of it. Without a commit everything is taken back; a part
/// takes back nothing by itself.
/// </summary>
internal sealed class StoreTransaction : IAsyncDisposable
{
    private readonly IDbContextTransaction? _own;

    private StoreTransaction(IDbContextTransaction? own) => _own = own;

    public static async Task<StoreTransaction> BeginAsync(AuthDbContext db) =>
        new(db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync() : null);

    public Task CommitAsync() => _own?.CommitAsync() ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
