using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AuthService.Storage;

/// <summary>
/// Repeats a single statement that PostgreSQL rolled back. Inside a transaction the whole of it was rolled back, and
/// <see cref="StoreTransaction"/> repeats it. Not EF Core's own strategy: that one repeats also what may have been kept.
/// </summary>
internal sealed class RollbackRetries(AuthDbContext db) : IExecutionStrategy
{
    /// <summary>Not the result of a query, once it is being read: so EF Core need not buffer it.</summary>
    public bool RetriesOnFailure => false;

    public TResult Execute<TState, TResult>(
        TState state, Func<DbContext, TState, TResult> operation, Func<DbContext, TState, ExecutionResult<TResult>>? verifySucceeded) => operation(db, state);

    public Task<TResult> ExecuteAsync<TState, TResult>(
        TState state,
        Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded,
        CancellationToken cancellationToken = default) => StoreRetries.RunAsync(
            (db, state, operation, cancellationToken),
            static call => call.operation(call.db, call.state, call.cancellationToken),
            static (call, error) => call.db is { IsRepeatedAbove: false, Database.CurrentTransaction: null } && error.WasRolledBack());
}
