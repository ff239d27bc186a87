namespace AuthService.Api.Http.Limits;

/// <summary>
/// A <see cref="CallBudget"/> for each of any number of keys in 512 KiB: a key's slot is found by its hash, and keys that
/// meet in one share a budget. Exact under parallel calls, and without a lock.
/// <para>
/// Not the framework's rate limiter: it keeps an object for each key that it sees, so that a million addresses cost
/// hundreds of megabytes; it reads a clock of its own; and it refuses with 503 unless told otherwise.
/// </para>
/// </summary>
internal sealed class CallCounters(TimeProvider clock)
{
    private const int Slots = 65_536;

    private readonly long[] _fullAt = new long[Slots];
    private readonly long _start = clock.GetTimestamp();

    private long Now => clock.GetElapsedTime(_start).Ticks;

    /// <returns>Null when the call fits into the key's budget and has been taken from it; otherwise how long until one fits.</returns>
    public TimeSpan? TryTake(ReadOnlySpan<char> key, CallBudget budget)
    {
        ref var slot = ref SlotOf(key);
        while (true)
        {
            var fullAt = Volatile.Read(ref slot);
            var wait = budget.FindWait(fullAt, Now, out var next);
            if (wait is not null || Interlocked.CompareExchange(ref slot, next, fullAt) == fullAt)
                return wait;
        }
    }

    /// <returns>Null when a call would fit into the key's budget, which stays as it is; otherwise how long until one fits.</returns>
    public TimeSpan? FindWait(ReadOnlySpan<char> key, CallBudget budget) => budget.FindWait(Volatile.Read(ref SlotOf(key)), Now, out _);

    /// <summary>Marvin, with a seed that is random in each process: nobody can look for a key that meets another's.</summary>
    private ref long SlotOf(ReadOnlySpan<char> key) => ref _fullAt[(uint)string.GetHashCode(key, StringComparison.Ordinal) % Slots];
}
