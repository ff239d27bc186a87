using System.Diagnostics;

namespace AuthService.Storage;

/// <summary>Gives batches their connections. One limit applies to the batches of all kinds together.</summary>
internal sealed class BatchConnections(DatabaseContexts contexts) : IDisposable
{
    public const string ActivitySourceName = "AuthService.Storage";

    /// <summary>
    /// The rest of the pool is for transactions and for statements that are not batched. More batches at once would only wait for each other.
    /// </summary>
    private const int Most = 10;

    private static readonly ActivitySource Source = new(ActivitySourceName);

    private readonly SemaphoreSlim _free = new(Most);

    /// <summary>Waits until a batch may run. Each call is followed by one of <see cref="Leave"/>.</summary>
    public Task EnterAsync() => _free.WaitAsync();

    public void Leave() => _free.Release();

    public Store Open() => new(contexts);

    public void Dispose() => _free.Dispose();

    /// <summary>
    /// Starts the span of a batch. A batch of one caller belongs to that caller's trace. A batch of several has a trace of its own, with links to
    /// theirs.
    /// </summary>
    /// <returns>Null when no listener collects spans.</returns>
    public static Activity? StartActivity(IReadOnlyList<ActivityContext> callers)
    {
        if (!Source.HasListeners())
            return null;
        if (callers is [var caller])
            return Source.StartActivity("batch", ActivityKind.Internal, caller);
        var links = callers.Where(context => context != default).Select(context => new ActivityLink(context));
        return Source.StartActivity("batch", ActivityKind.Internal, parentContext: default, links: links);
    }
}
