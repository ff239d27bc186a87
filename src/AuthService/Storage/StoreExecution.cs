using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AuthService.Storage;

/// <summary>
/// Repeats work if the database certainly kept nothing of it, so callers do not see a deadlock or a pooled connection that was lost. Work that may
/// have been committed is never repeated; its caller gets the error. EF Core also leaves to it every operation that runs inside this one, even of
/// other contexts.
/// </summary>
internal sealed class StoreExecution : ExecutionStrategy
{
    private const int MostRepeats = 3;
    private const int LongestPauseMilliseconds = 20;

    public StoreExecution(DbContext db)
        : base(db, MostRepeats, TimeSpan.FromMilliseconds(LongestPauseMilliseconds << MostRepeats))
    {
    }

    public StoreExecution(ExecutionStrategyDependencies dependencies)
        : base(dependencies, MostRepeats, TimeSpan.FromMilliseconds(LongestPauseMilliseconds << MostRepeats))
    {
    }

    /// <summary>
    /// False, because EF Core would otherwise buffer each result to repeat a query by itself. <see cref="Store"/> repeats a read as a whole.
    /// </summary>
    public override bool RetriesOnFailure => false;

    /// <summary>Whether work is repeated after a lost connection. True for a read, and for a transaction until its commit is sent.</summary>
    public bool RepeatsLostConnection { get; set; }

    /// <summary>Decides whether to repeat. After the last repeat the original error is thrown, not wrapped in an exception of EF Core.</summary>
    protected override bool ShouldRetryOn(Exception exception) => ExceptionsEncountered.Count < MaxRetryCount
        && (exception.WasRolledBack() || (RepeatsLostConnection && exception.IsLostConnection()));

    /// <summary>Gets a random pause, so that two transactions that waited for each other's locks do not collide again.</summary>
    protected override TimeSpan? GetNextDelay(Exception lastException) =>
        TimeSpan.FromMilliseconds(Random.Next(1, LongestPauseMilliseconds << (ExceptionsEncountered.Count - 1)));
}
