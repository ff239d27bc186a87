using System.Threading.Channels;

namespace AuthService.Storage;

/// <summary>
/// Tells a worker of this instance that there is work, so that it does not wait for the next poll. Workers of other instances only poll.
/// </summary>
internal abstract class WakeUp
{
    private readonly Channel<bool> _raised = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Raise() => _raised.Writer.TryWrite(true);

    /// <summary>Waits until <see cref="Raise"/> is called, but at most the given time.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        waiting.CancelAfter(atMost);
        try
        {
            await _raised.Reader.ReadAsync(waiting.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The time has passed.
        }
    }
}
