using System.Diagnostics;

namespace AuthService.Storage;

/// <summary>
/// Sends what many callers want at one moment as one statement. A lone caller's goes out at once; while enough statements run,
/// callers wait and go out together with the next one. There is no timer: a statement that may run waits its turn in the thread pool behind calls that came
/// before it, which join it if they want the same. An answer is never older than its call: nobody
/// joins a statement that has been sent. A failure is that of all callers of the batch; where nothing waits for a lock, a database that does not answer in
/// time is a failure of those as well who have waited for long.
/// </summary>
/// <remarks>
/// PostgreSQL answers ten callers in one statement for little more than the price of one. SQLite needs no round trip and
/// would gain nothing, and inside a transaction a statement must stay on its connection: there every call is a statement.
/// </remarks>
/// <param name="connections">Shared by all batchers.</param>
/// <param name="statement">Answers each item, in their order.</param>
/// <param name="isNonBlocking">It waits for no lock, and no item takes much longer than another.</param>
internal sealed class StatementBatcher<TItem, TResult>(
    BatchConnections connections, Func<Store, IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> statement, bool isNonBlocking = false)
{
    /// <summary>The fewer, the larger the batches. With one, a statement that waits for a lock would hold everybody up.</summary>
    private readonly int _mostStatements = isNonBlocking ? 1 : 3;

    /// <summary>In one statement: as many callers are answered at once either way, however long the way to the database is.</summary>
    private readonly int _mostItems = isNonBlocking ? 192 : 64;

    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private int _running;

    /// <param name="store">The caller's own.</param>
    /// <param name="item">What the caller wants.</param>
    public async Task<TResult> ExecuteAsync(Store store, TItem item)
    {
        if (!store.IsPostgres || store.IsInTransaction)
            return (await statement(store, [item]))[0];
        var waiting = new Waiting(item);
        if (TryEnqueue(waiting))
            ThreadPool.UnsafeQueueUserWorkItem(static batcher => _ = batcher.RunAsync(), this, preferLocal: false); // without the caller's trace and log scopes
        return await waiting.Task;
    }

    /// <returns>True when another statement may run.</returns>
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
            foreach (var waiting in isNonBlocking && error.IsTimeout() ? [.. batch, .. TakeLongWaiting()] : batch)
                waiting.TrySetException(error);
        }
    }

    /// <summary>
    /// Behind a statement that was not answered in time they would wait for one that is not, either, batch after batch. Where only that one connection was
    /// silent, whoever has just come is answered by the next.
    /// </summary>
    private List<Waiting> TakeLongWaiting()
    {
        lock (_lock)
        {
            List<Waiting> some = [];
            while (_waiting.TryPeek(out var first) && first.Waited >= LongWait)
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
