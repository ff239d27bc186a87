using System.Diagnostics;

namespace AuthService.Storage;

/// <summary>
/// Sends the items of many callers in one statement. A lone item is sent at once. While enough statements run, callers wait and share the next
/// statement. A result is never older than its call, because no caller joins a statement that was already sent.
/// </summary>
/// <remarks>
/// <para>
/// There is no timer. A statement that may run waits in the thread pool behind earlier calls, which may still join it. A failure is the failure of
/// all callers of the batch. A timeout also fails the callers that have waited for long.
/// </para>
/// <para>
/// PostgreSQL answers ten callers in one statement at little more than the cost of one. SQLite needs no round trip and would gain nothing, and a
/// statement inside a transaction must stay on its connection. In both cases every call is a statement.
/// </para>
/// </remarks>
/// <param name="connections">The connections that all batchers share.</param>
/// <param name="statement">Gives one result for each item, in their order.</param>
/// <param name="isNonBlocking">Whether the statement waits for no lock and no item takes much longer than another.</param>
internal sealed class StatementBatcher<TItem, TResult>(
    BatchConnections connections, Func<Store, IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> statement, bool isNonBlocking = false)
{
    /// <summary>
    /// The fewer statements run at once, the larger the batches. With only one, a statement that waits for a lock would block all callers.
    /// </summary>
    private readonly int _mostStatements = isNonBlocking ? 1 : 3;

    /// <summary>
    /// The most items of one statement. In both cases as many callers are answered at once, however slow the connection to the database is.
    /// </summary>
    private readonly int _mostItems = isNonBlocking ? 192 : 64;

    /// <summary>In a blocking batcher a timeout says less about the callers behind it: perhaps one row was locked.</summary>
    private readonly TimeSpan _longWait = TimeSpan.FromSeconds(isNonBlocking ? 1 : 5);

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private int _running;

    /// <param name="store">The store of the caller.</param>
    /// <param name="item">The item of the caller.</param>
    public async Task<TResult> ExecuteAsync(Store store, TItem item)
    {
        if (!store.IsPostgres || store.IsInTransaction)
            return (await statement(store, [item]))[0];
        var waiting = new Waiting(item);
        if (TryEnqueue(waiting))
            ThreadPool.UnsafeQueueUserWorkItem(static batcher => _ = batcher.RunAsync(), this, preferLocal: false); // without the caller's trace and log scopes
        return await waiting.Task;
    }

    /// <returns>True when the caller must start another statement.</returns>
    private bool TryEnqueue(Waiting waiting)
    {
        lock (_lock)
        {
            _waiting.Enqueue(waiting);
            if (_running == _mostStatements)
                return false;
            _running++;
            return true;
        }
    }

    private async Task RunAsync()
    {
        List<Waiting> batch;
        do
        {
            await connections.EnterAsync();
            try
            {
                batch = TakeWaiting();
                if (batch.Count > 0)
                    await ExecuteAsync(batch);
            }
            finally
            {
                connections.Leave();
            }
        }
        while (batch.Count > 0);
    }

    private List<Waiting> TakeWaiting()
    {
        lock (_lock)
        {
            List<Waiting> batch = [];
            while (batch.Count < _mostItems && _waiting.TryDequeue(out var waiting))
                batch.Add(waiting);
            if (batch.Count == 0)
                _running--;
            return batch;
        }
    }

    private async Task ExecuteAsync(List<Waiting> batch)
    {
        try
        {
            using var activity = BatchConnections.StartActivity(batch.ConvertAll(waiting => waiting.Caller));
            await using var store = connections.Open();
            var results = await statement(store, batch.ConvertAll(waiting => waiting.Item));
            for (var i = 0; i < batch.Count; i++)
                batch[i].SetResult(results[i]);
        }
        catch (Exception error)
        {
            foreach (var waiting in error.IsTimeout() ? [.. batch, .. TakeLongWaiting()] : batch)
                waiting.TrySetException(error);
        }
    }

    /// <summary>
    /// Takes the callers that have waited for long. After a timeout they would probably wait for another one, batch after batch. Callers that have
    /// just come stay: if only that one connection was silent, the next statement answers them.
    /// </summary>
    private List<Waiting> TakeLongWaiting()
    {
        lock (_lock)
        {
            List<Waiting> some = [];
            while (_waiting.TryPeek(out var first) && first.Waited >= _longWait)
                some.Add(_waiting.Dequeue());
            return some;
        }
    }

    private sealed class Waiting(TItem item) : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        private readonly long _since = Environment.TickCount64;

        public TItem Item { get; } = item;

        public ActivityContext Caller { get; } = Activity.Current?.Context ?? default;

        public TimeSpan Waited => TimeSpan.FromMilliseconds(Environment.TickCount64 - _since);
    }
}
