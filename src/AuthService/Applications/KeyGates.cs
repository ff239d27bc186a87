namespace AuthService.Applications;

/// <summary>
/// Lets calls with the same idempotency key into the store one at a time, and only so many altogether: whoever waits here
/// holds no connection, so that a key that is tried a hundred times at once does not take the whole pool. Other instances
/// are waited for in the store.
/// </summary>
internal sealed class KeyGates : IDisposable
{
    private const int Count = 32;

    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Count).Select(_ => new SemaphoreSlim(1))];

    /// <returns>To be disposed of when the call is over. Two keys may have the same gate.</returns>
    public async Task<IDisposable> EnterAsync(byte[] keyHash)
    {
        var gate = _gates[keyHash[0] % Count];
        await gate.WaitAsync();
        return new Passage(gate);
    }

    public void Dispose()
    {
        foreach (var gate in _gates)
            gate.Dispose();
    }

    private sealed class Passage(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
