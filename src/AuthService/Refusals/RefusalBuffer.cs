using System.Threading.Channels;

namespace AuthService.Refusals;

/// <summary>
/// Refused calls that wait to be written, off the request. It never grows beyond its capacity, however long the store is away.
/// </summary>
internal sealed class RefusalBuffer
{
    private const int Capacity = 2_000;
    private const int BatchSize = 500;

    private readonly Channel<RefusedCall> _waiting = Channel.CreateBounded<RefusedCall>(Capacity);

    /// <summary>How many wait.</summary>
    public int Count => _waiting.Reader.Count;

    /// <returns>False when as many wait as may.</returns>
    public bool TryAdd(RefusedCall refused) => _waiting.Writer.TryWrite(refused);

    /// <summary>Until some wait.</summary>
    public async Task WaitAsync(CancellationToken cancellation) => await _waiting.Reader.WaitToReadAsync(cancellation);

    /// <returns>Some that waited, the oldest first; none when nothing waits.</returns>
    public IReadOnlyList<RefusedCall> TakeBatch()
    {
        List<RefusedCall> batch = [];
        while (batch.Count < BatchSize && _waiting.Reader.TryRead(out var refused))
            batch.Add(refused);
        return batch;
    }
}
