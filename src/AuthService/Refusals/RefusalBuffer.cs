using System.Threading.Channels;

namespace AuthService.Refusals;

/// <summary>
/// Buffers refused calls that are written after their request. It never grows beyond its capacity, even when the store is unavailable for a long time.
/// </summary>
internal sealed class RefusalBuffer
{
    private const int Capacity = 2_000;
    private const int BatchSize = 500;

    private readonly Channel<RefusedCall> _waiting = Channel.CreateBounded<RefusedCall>(Capacity);

    /// <summary>The number of waiting calls.</summary>
    public int Count => _waiting.Reader.Count;

    /// <returns>False when the buffer is full.</returns>
    public bool TryAdd(RefusedCall refused) => _waiting.Writer.TryWrite(refused);

    /// <summary>Waits until there are calls to write.</summary>
    public async Task WaitAsync(CancellationToken cancellation) => await _waiting.Reader.WaitToReadAsync(cancellation);

    /// <returns>The oldest waiting calls, the oldest first; empty when none waits.</returns>
    public IReadOnlyList<RefusedCall> TakeBatch()
    {
        List<RefusedCall> batch = [];
        while (batch.Count < BatchSize && _waiting.Reader.TryRead(out var refused))
            batch.Add(refused);
        return batch;
    }
}
