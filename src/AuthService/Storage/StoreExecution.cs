using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AuthService.Storage;

/// <summary>
/// Repeats work of which the database surely kept nothing: nobody outside needs to hear of a deadlock, or of a connection that
/// was lost in the pool. What may have been committed is never repeated; its caller gets the error. EF Core leaves every
/// operation inside this one, those of other contexts too, to it.
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

    /// <summary>EF Core would keep a copy of each result, to repeat a query by itself; <see cref="Store"/> repeats the reading of it as a whole.</summary>
    public override bool RetriesOnFailure => false;

    /// <summary>Whether a lost connection leaves nothing behind: true of a read, and of a transaction until its commit is sent.</summary>
    public bool RepeatsLostConnection { get; set; }

    /// <summary>After the last repeat the error is thrown as it is, and not inside one of EF Core's own.</summary>
    protected override bool ShouldRetryOn(Exception exception) => ExceptionsEncountered.Count < MaxRetryCount
        && (exception.WasRolledBack() || (RepeatsLostConnection && exception.IsLostConnection()));

    /// <summary>At random: two who took each other's locks must not meet again.</summary>
    protected override TimeSpan? GetNextDelay(Exception lastException) =>
        TimeSpan.FromMilliseconds(Random.Next(1, LongestPauseMilliseconds << (ExceptionsEncountered.Count - 1)));
}
