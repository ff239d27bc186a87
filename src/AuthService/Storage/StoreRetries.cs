namespace AuthService.Storage;

/// <summary>
/// Work of which the store kept nothing is done again: nobody outside needs to hear of a deadlock, or of a connection
/// that died in the pool. What may have been kept is never repeated; its caller hears of the failure.
/// </summary>
internal static class StoreRetries
{
    private const int MostRepeats = 3;
    private const int LongestPauseMilliseconds = 20;

    /// <param name="subject">What the work is done on.</param>
    /// <param name="unit">The work; every repeat does all of it.</param>
    /// <param name="keptNothing">Whether the store surely kept nothing when the work fails so.</param>
    public static async Task<T> RunAsync<TSubject, T>(TSubject subject, Func<TSubject, Task<T>> unit, Func<TSubject, Exception, bool> keptNothing)
    {
        for (var repeats = 0; ; repeats++)
        {
            try
            {
                return await unit(subject);
            }
            catch (Exception error) when (repeats < MostRepeats && keptNothing(subject, error))
            {
                // Two who took each other's locks must not meet again.
                await Task.Delay(Random.Shared.Next(1, LongestPauseMilliseconds << repeats));
            }
        }
    }

    /// <summary>A look-up changes nothing, so a lost connection is no reason to fail: the pool gives another one. Inside a transaction that one is lost too.</summary>
    public static Task<T> AskAsync<TKey, T>(this AuthDbContext db, Func<AuthDbContext, TKey, Task<T>> query, TKey key) => RunAsync(
        (db, query, key),
        static ask => ask.query(ask.db, ask.key),
        static (ask, error) => ask.db.Database.CurrentTransaction is null && error.IsLostConnection());

    /// <summary>
    /// A single statement written in SQL, which EF Core leaves out of its own retries or takes for done before the commit is.
    /// Inside a transaction it is that one which is repeated.
    /// </summary>
    public static async Task<T> ChangeAsync<TValues, T>(this AuthDbContext db, Func<AuthDbContext, TValues, Task<T>> statement, TValues values)
    {
        db.IsRepeatedAbove = true;
        try
        {
            return await RunAsync(
                (db, statement, values),
                static change => change.statement(change.db, change.values),
                static (change, error) => change.db.Database.CurrentTransaction is null && error.WasRolledBack());
        }
        finally
        {
            db.IsRepeatedAbove = false;
        }
    }
}
