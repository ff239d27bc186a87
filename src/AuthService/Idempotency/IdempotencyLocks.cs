namespace AuthService.Idempotency;

/// <summary>
/// Lets calls with the same idempotency key into the store one at a time, and only so many altogether: whoever waits here
/// holds no connection, so that a key that is tried a hundred times at once does not take the whole pool. Other instances
/// are waited for in the store.
/// </summary>
internal sealed class IdempotencyLocks : IDisposable
{
    private const int Count = 32;

    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, Count).Select(_ => new SemaphoreSlim(1))];

    /// <returns>To be disposed of when the call is over. Two keys may share a lock.</returns>
    public async Task<IDisposable> EnterAsync(byte[] keyHash)
    {
        var keyLock = _locks[keyHash[0] % Count];
        await keyLock.WaitAsync();
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
