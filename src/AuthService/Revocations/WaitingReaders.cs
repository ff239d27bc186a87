using AuthService.Storage;

namespace AuthService.Revocations;

/// <summary>There is something to tell readers of the feed.</summary>
internal sealed class RevocationNews : WakeUp;

/// <summary>
/// Readers of the feed that wait, the longest waiting first. One revocation is news for all of them: they are answered some at a time
/// (<c>RevocationAnswerWorker</c>), each with all that has come meanwhile, so that ten thousand do not keep everybody else from the processor.
/// </summary>
internal sealed class WaitingReaders(RevocationLog log, RevocationNews news, IHostApplicationLifetime host)
{
    /// <summary>For other callers while the instance is on its way out.</summary>
    private static readonly TimeSpan LongestWhileStopping = TimeSpan.FromSeconds(1);

    /// <summary>How often those are looked for who have waited for long enough.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly List<Waiting> _waiting = [];

    /// <summary>How long anybody waits at most.</summary>
    public TimeSpan LongestWait => host.ApplicationStopping.IsCancellationRequested ? LongestWhileStopping : RevocationFeed.LongestWait;

    /// <param name="additions">What the reader knows (<see cref="RevocationLog.Watch"/>).</param>
    /// <param name="until">When it waits no longer, as <see cref="Environment.TickCount64"/>.</param>
    /// <param name="aborted">The reader has hung up.</param>
    /// <returns>True when there is news; false when the wait is over.</returns>
    public Task<bool> WaitAsync(long additions, long until, CancellationToken aborted)
    {
        lock (_lock)
        {
            if (additions < log.Additions)
                return Task.FromResult(true); // so that whoever stands further back never knows less
            if (_waiting.Count == 0)
                news.Raise(); // nobody looked so far
            var waiting = new Waiting(additions, until, aborted);
            _waiting.Add(waiting);
            return waiting.Task;
        }
    }

    /// <returns>When some are to be let go.</returns>
    public async Task UntilSomeMayGoAsync(CancellationToken stopping)
    {
        TimeSpan longest;
        lock (_lock)
            longest = _waiting.Count > 0 ? Interval : Timeout.InfiniteTimeSpan;
        await news.WaitAsync(longest, stopping);
    }

    /// <summary>Lets those go who have waited for long enough.</summary>
    public void EndWaits()
    {
        var (now, latest) = (Environment.TickCount64, Environment.TickCount64 + (long)LongestWait.TotalMilliseconds);
        lock (_lock)
            _waiting.RemoveAll(waiting => (waiting.IsOver(now) || waiting.Until > latest) && waiting.TrySetResult(false));
    }

    /// <summary>Lets some go for whom there is news.</summary>
    /// <returns>Whether there may be more of them.</returns>
    public bool Answer(int most)
    {
        var additions = log.Additions;
        lock (_lock)
        {
            var count = 0;
            while (count < most && count < _waiting.Count && _waiting[count].Additions < additions)
                _waiting[count++].SetResult(true);
            _waiting.RemoveRange(0, count);
            return count == most;
        }
    }

    private sealed class Waiting(long additions, long until, CancellationToken aborted)
        : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Additions => additions;

        public long Until => until;

        public bool IsOver(long now) => until <= now || aborted.IsCancellationRequested;
    }
}
