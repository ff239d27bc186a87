namespace AuthService.Storage;

/// <summary>Deletes a batch of rows that have expired by a time, at most a number of them, and returns how many it deleted.</summary>
internal delegate Task<int> DeleteBatch(DateTimeOffset now, int limit, CancellationToken cancellation);

/// <summary>A deletion of expired rows that is repeated while the service runs. The feature that owns the rows registers it.</summary>
/// <param name="What">The rows, in words for the log.</param>
/// <param name="Find">Finds the deletion among the services of a scope.</param>
internal sealed record CleanUp(string What, Func<IServiceProvider, DeleteBatch> Find)
{
    /// <summary>The time between two runs, if it is longer than usual.</summary>
    public TimeSpan? Interval { get; init; }
}

internal static class CleanUpSetup
{
    /// <summary>Adds the deletion of rows that one property lets expire.</summary>
    /// <param name="services">The services.</param>
    /// <param name="time">The property that holds when a row expires.</param>
    /// <param name="what">The rows, in words for the log.</param>
    public static IServiceCollection AddCleanUp<TEntity>(this IServiceCollection services, string time, string what) => services.AddCleanUpBy<Store>(
        what, store => (now, limit, cancellation) => store.DeleteBatchAsync<TEntity>(time, now, limit, cancellation));

    /// <summary>Adds a deletion by a service of its own.</summary>
    public static IServiceCollection AddCleanUpBy<TService>(
        this IServiceCollection services, string what, Func<TService, DeleteBatch> delete, TimeSpan? interval = null)
        where TService : notnull =>
        services.AddSingleton(new CleanUp(what, provider => delete(provider.GetRequiredService<TService>())) { Interval = interval });
}
