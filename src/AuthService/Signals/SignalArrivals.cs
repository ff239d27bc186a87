using AuthService.Storage;

namespace AuthService.Signals;

/// <summary>Wakes the requests of this instance that wait for SETs. SETs that other instances wrote are found by polling the store.</summary>
internal sealed class SignalArrivals
{
    private TaskCompletionSource _next = Create();

    public void Raise() => Interlocked.Exchange(ref _next, Create()).TrySetResult();

    /// <summary>
    /// The task that completes at the next <see cref="Raise"/>. It must be read before the store is read, so that nothing is missed in between.
    /// </summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <returns>A task that completes when <paramref name="next"/> completes or the time has passed.</returns>
    public static async Task WaitAsync(Task next, TimeSpan atMost, CancellationToken cancellation)
    {
        try
        {
            await next.WaitAsync(atMost, cancellation);
        }
        catch (TimeoutException)
        {
            // The time has passed.
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Wakes the worker when a stream was created.</summary>
internal sealed class SignalStreamWakeUp : WakeUp;
