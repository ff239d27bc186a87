using Microsoft.EntityFrameworkCore.Storage;

namespace AuthService.Storage;

/// <summary>
/// A transaction for work that belongs together: one of its own or, where a caller has begun one already, a part of
/// that one, which then commits or takes back all of it. Without a commit everything is taken back; a part
/// takes back nothing by itself.
/// </summary>
internal sealed class StoreTransaction
{
    private readonly AuthDbContext _db;
    private IDbContextTransaction? _own;
    private bool _isCommitting;

    private StoreTransaction(AuthDbContext db) => _db = db;

    /// <param name="db">The context of all the work.</param>
    /// <param name="unit">
    /// The work with its commit. It may be run several times, the earlier ones without any effect on the store, so it
    /// must have no other effect before it commits.
    /// </param>
    public static Task<T> RunAsync<T>(AuthDbContext db, Func<StoreTransaction, Task<T>> unit)
    {
        var transaction = new StoreTransaction(db);
        return db.Database.CurrentTransaction is not null
            ? unit(transaction)
            : StoreRetries.RunAsync(
                (transaction, unit),
                static work => work.transaction.AttemptAsync(work.unit),
                static (work, error) => error.WasRolledBack() || (error.IsLostConnection() && !work.transaction._isCommitting));
    }

    public static Task RunAsync(AuthDbContext db, Func<StoreTransaction, Task> unit) => RunAsync(db, async transaction =>
    {
        await unit(transaction);
        return true;
    });

    public async Task CommitAsync()
    {
        if (_own is null)
            return;
        _isCommitting = true;
        await _own.CommitAsync();
    }

    private async Task<T> AttemptAsync<T>(Func<StoreTransaction, Task<T>> unit)
    {
        _isCommitting = false;
        _db.ChangeTracker.Clear();
        await using (_own = await _db.Database.BeginTransactionAsync())
            return await unit(this);
    }
}
