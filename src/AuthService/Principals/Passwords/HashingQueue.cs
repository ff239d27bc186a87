namespace AuthService.Principals.Passwords;

/// <summary>The kinds of work in the queue. While both wait, they take turns.</summary>
internal enum HashingShare
{
    /// <summary>Passwords of people who sign in or change their own password.</summary>
    SignIns,

    /// <summary>Passwords that administrators set.</summary>
    Administration,
}

/// <summary>The caller for which a password is hashed.</summary>
/// <param name="AddressKey">Equal for all requests from one address. They take turns with the requests from other addresses.</param>
/// <param name="RequestAborted">Cancelled when the caller disconnected.</param>
internal sealed record HashingCaller(string AddressKey, CancellationToken RequestAborted)
{
    /// <summary>The service itself, or a command on the command line.</summary>
    public static readonly HashingCaller Local = new("", CancellationToken.None);
}

/// <summary>
/// Hashes as many passwords at once as there are cores. The others wait: the shares take turns, and so do the addresses within a share. A request that would
/// wait longer than <see cref="LongestWait"/> is refused before any work is done for it.
/// </summary>
/// <param name="cores">The number of passwords that are hashed at once.</param>
/// <param name="estimate">The time for one password, used until the first one was hashed.</param>
/// <param name="metrics">Counts and measures the work.</param>
/// <param name="clock">Measures the work.</param>
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

    /// <summary>Waits for a core and runs the work on it.</summary>
    /// <exception cref="OperationCanceledException">The caller disconnected before the work began.</exception>
    public async Task<T> RunAsync<T>(HashingPlace place, Func<T> work, CancellationToken requestAborted)
    {
        requestAborted.ThrowIfCancellationRequested();
        await WaitForTurnAsync(place, requestAborted);
        var start = clock.GetTimestamp();
        try
        {
            // The work gets a thread of its own. The pool has one thread for each core, and needs half a second to add one for other requests.
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

    /// <summary>Stops waiting, unless the turn has already come.</summary>
    private void StopWaiting(AddressPlaces address, TaskCompletionSource turn, CancellationToken requestAborted)
    {
        lock (_lock)
        {
            if (address.Waiting.Remove(turn))
                turn.SetCanceled(requestAborted);
        }
    }

    /// <summary>Gives the core to the next one in turn.</summary>
    private void EndTurn(TimeSpan worked)
    {
        lock (_lock)
        {
            _durations.Add(worked < LongestWait ? worked : LongestWait); // longer only because the process or its machine was paused
            var next = _shares[_nextShare].TakeNext() ?? _shares[_nextShare = 1 - _nextShare].TakeNext();
            _nextShare = 1 - _nextShare;
            if (next is null)
                _working--;
            else
                next.SetResult();
        }
    }
}

/// <summary>A place in the queue. It is taken before any work is done for a request and left when its password was hashed.</summary>
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
