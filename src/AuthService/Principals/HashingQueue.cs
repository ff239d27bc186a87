namespace AuthService.Principals;

/// <summary>While passwords of both shares wait, each share gets every other turn.</summary>
internal enum HashingShare
{
    /// <summary>Passwords that people show: sign-ins, and changes of their own password.</summary>
    SignIns,

    /// <summary>Passwords that administrators set.</summary>
    Administration,
}

/// <param name="AddressKey">Equal for the calls of one address, which take turns with those of other addresses.</param>
/// <param name="RequestAborted">Nobody waits for the answer any more.</param>
internal sealed record HashingCaller(string AddressKey, CancellationToken RequestAborted)
{
    /// <summary>The service itself, or a command on the machine.</summary>
    public static readonly HashingCaller Local = new("", CancellationToken.None);
}

/// <summary>
/// Lets as many passwords be hashed at once as there are cores. Those that wait are taken from the shares and, within a share, from the
/// addresses in turn. Whoever would wait longer than <see cref="LongestWait"/> is refused before anything is done for them.
/// </summary>
/// <param name="cores">How many passwords are hashed at once.</param>
/// <param name="estimate">How long one takes, as long as none was hashed.</param>
/// <param name="metrics">Counts and times them.</param>
/// <param name="clock">Times them.</param>
internal sealed class HashingQueue(int cores, TimeSpan estimate, HashingMetrics metrics, TimeProvider clock)
{
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly AddressTurns[] _shares = [new(), new()];
    private readonly RecentDurations _durations = new(estimate);
    private int _working;
    private int _nextShare;

    /// <returns>Null when the expected wait is too long.</returns>
    public HashingPlace? TryEnter(HashingShare share, string addressKey)
    {
        lock (_lock)
        {
            var ahead = _shares[(int)share].CountAhead(addressKey);
            var turns = ahead + Math.Min(ahead, _shares[1 - (int)share].Places);
            if (_durations.Mean * turns / cores <= LongestWait)
                return new HashingPlace(this, share, _shares[(int)share].Enter(addressKey));
        }

        metrics.Refused();
        return null;
    }

    /// <summary>Waits for a core and does the work on it.</summary>
    /// <exception cref="OperationCanceledException">The caller hung up before the work began.</exception>
    public async Task<T> RunAsync<T>(HashingPlace place, Func<T> work, CancellationToken requestAborted)
    {
        requestAborted.ThrowIfCancellationRequested();
        await WaitForTurnAsync(place, requestAborted);
        var start = clock.GetTimestamp();
        try
        {
            // On a thread of its own: the pool has one for each core, and takes half a second to add one for everybody else.
            return await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            var worked = clock.GetElapsedTime(start);
            EndTurn(worked);
            metrics.Worked(worked);
        }
    }

    public void Leave(HashingPlace place)
    {
        lock (_lock)
            _shares[(int)place.Share].Leave(place.Address);
    }

    private async Task WaitForTurnAsync(HashingPlace place, CancellationToken requestAborted)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_working < cores)
            {
                _working++;
                _nextShare = 1 - (int)place.Share;
                return;
            }

            _shares[(int)place.Share].Wait(place.Address, turn);
        }

        metrics.WaitBegan();
        using var registration = requestAborted.Register(() => StopWaiting(place.Address, turn, requestAborted));
        try
        {
            await turn.Task;
        }
        finally
        {
            metrics.WaitEnded();
        }
    }

    /// <summary>Whose turn has come meanwhile keeps it.</summary>
    private void StopWaiting(AddressPlaces address, TaskCompletionSource turn, CancellationToken requestAborted)
    {
        lock (_lock)
        {
            if (address.Waiting.Remove(turn))
                turn.SetCanceled(requestAborted);
        }
    }

    /// <summary>The core goes to the next in turn.</summary>
    private void EndTurn(TimeSpan worked)
    {
        lock (_lock)
        {
            _durations.Add(worked);
            var next = _shares[_nextShare].TakeNext() ?? _shares[_nextShare = 1 - _nextShare].TakeNext();
            _nextShare = 1 - _nextShare;
            if (next is null)
                _working--;
            else
                next.SetResult();
        }
    }
}

/// <summary>A place in the queue, from before anything was done for a call until its password was hashed.</summary>
internal sealed class HashingPlace(HashingQueue queue, HashingShare share, AddressPlaces address) : IDisposable
{
    private bool _isLeft;

    public HashingShare Share => share;

    public AddressPlaces Address => address;

    public Task<T> RunAsync<T>(Func<T> work, CancellationToken requestAborted) => queue.RunAsync(this, work, requestAborted);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isLeft, true))
            return;
        queue.Leave(this);
    }
}
