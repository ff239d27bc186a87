using AuthService.Storage;

namespace AuthService.Signals;

/// <summary>Wakes whoever waits in this instance for SETs that it wrote; those of other instances are found by asking the store.</summary>
internal sealed class SignalArrivals
{
    private TaskCompletionSource _next = Create();

    public void Raise() => Interlocked.Exchange(ref _next, Create()).TrySetResult();

    /// <summary>To be taken before the store is asked, so that nothing is missed in between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <returns>When it is raised, or after that long.</returns>
    public static async Task WaitAsync(Task next, TimeSpan atMost, CancellationToken cancellation)
    {
        try
        {
            await next.WaitAsync(atMost, cancellation);
        }
        catch (TimeoutException)
        {
            // The time is over.
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A stream was made.</summary>
internal sealed class SignalStreamWakeUp : WakeUp;
