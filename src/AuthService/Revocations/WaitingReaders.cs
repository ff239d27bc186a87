using AuthService.Storage;

namespace AuthService.Revocations;

/// <summary>Signals that there are new revocations for the readers of the feed.</summary>
internal sealed class RevocationNews : WakeUp;

/// <summary>
/// The readers of the feed that wait, the longest waiting first. One revocation wakes all of them. They are answered a few at a time
/// (<c>RevocationAnswerWorker</c>), each with everything that is new by then, so that ten thousand readers do not take the processor from other requests.
/// </summary>
internal sealed class WaitingReaders(RevocationLog log, RevocationNews news, IHostApplicationLifetime host)
{
    /// <summary>The longest wait while the instance is stopping, so that the reader can go to another instance.</summary>
    private static readonly TimeSpan LongestWhileStopping = TimeSpan.FromSeconds(1);

    /// <summary>How often the worker looks for readers that have waited long enough.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly List<Waiting> _waiting = [];

    /// <summary>The longest time that a reader may wait.</summary>
    public TimeSpan LongestWait => host.ApplicationStopping.IsCancellationRequested ? LongestWhileStopping : RevocationFeed.LongestWait;

    /// <param name="additions">The number of additions that the reader knows (<see cref="RevocationLog.Watch"/>).</param>
    /// <param name="until">When the wait ends, as <see cref="Environment.TickCount64"/>.</param>
    /// <param name="aborted">Cancelled when the reader disconnected.</param>
    /// <returns>True when there are new revocations; false when the wait is over.</returns>
    public Task<bool> WaitAsync(long additions, long until, CancellationToken aborted)
    {
        lock (_lock)
        {
            if (additions < log.Additions)
                return Task.FromResult(true); // so that the list stays in the order of additions
            if (_waiting.Count == 0)
                news.Raise(); // the worker has no time-out while nobody waits
            var waiting = new Waiting(additions, until, aborted);
            _waiting.Add(waiting);
            return waiting.Task;
        }
    }

    /// <summary>Waits until there are new revocations, or until it is time to look for readers that have waited long enough.</summary>
    public async Task UntilSomeMayGoAsync(CancellationToken stopping)
    {
        TimeSpan longest;
        lock (_lock)
            longest = _waiting.Count > 0 ? Interval : Timeout.InfiniteTimeSpan;
        await news.WaitAsync(longest, stopping);
    }

    /// <summary>Ends the wait of readers that have waited long enough.</summary>
    public void EndWaits()
    {
        var (now, latest) = (Environment.TickCount64, Environment.TickCount64 + (long)LongestWait.TotalMilliseconds);
        lock (_lock)
            _waiting.RemoveAll(waiting => (waiting.IsOver(now) || waiting.Until > latest) && waiting.TrySetResult(false));
    }

    /// <summary>Ends the wait of some readers for which there are new revocations.</summary>
    /// <returns>Whether there may be more such readers.</returns>
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
