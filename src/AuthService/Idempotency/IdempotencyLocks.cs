namespace AuthService.Idempotency;

/// <summary>
/// Lets calls with the same idempotency key use the store one at a time, and limits their total number. A waiting call holds no connection, so a hundred calls
/// with the same key do not use up the pool. Calls on other instances wait for each other in the store.
/// </summary>
internal sealed class IdempotencyLocks : IDisposable
{
    private const int Count = 32;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, Count).Select(_ => new SemaphoreSlim(1))];

    /// <returns>The lock, to be disposed when the call is done. Two keys may share a lock.</returns>
    /// <exception cref="TimeoutException">Others hold it for long.</exception>
    public async Task<IDisposable> EnterAsync(byte[] keyHash)
    {
        var keyLock = _locks[keyHash[0] % Count];
        if (!await keyLock.WaitAsync(LongestWait))
            throw new TimeoutException("Calls with the same idempotency key, or with one of the same group, take long");
        return new Passage(keyLock);
    }

    public void Dispose()
    {
        foreach (var keyLock in _locks)
            keyLock.Dispose();
    }

    private sealed class Passage(SemaphoreSlim keyLock) : IDisposable
    {
        public void Dispose() => keyLock.Release();
    }
}
