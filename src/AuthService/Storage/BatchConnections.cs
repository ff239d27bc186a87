using System.Diagnostics;

namespace AuthService.Storage;

/// <summary>The connections that batched statements run on: a bound for all kinds of them together.</summary>
internal sealed class BatchConnections(DatabaseContexts contexts) : IDisposable
{
    public const string ActivitySourceName = "AuthService.Storage";

    /// <summary>The rest of the pool is for transactions and for what is not batched; more statements at once would only wait for each other.</summary>
    private const int Most = 10;

    private static readonly ActivitySource Source = new(ActivitySourceName);

    private readonly SemaphoreSlim _free = new(Most);

    /// <summary>Every entry is left again.</summary>
    public Task EnterAsync() => _free.WaitAsync();

    public void Leave() => _free.Release();

    public Store Open() => new(contexts);

    public void Dispose() => _free.Dispose();

    /// <summary>A batch of one caller belongs to that caller's trace; one of several has a trace of its own, with links to theirs.</summary>
    /// <returns>Null when nobody collects spans.</returns>
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
