namespace AuthService.Api.Http.Limits;

/// <summary>
/// Keeps a <see cref="CallBudget"/> for each of any number of keys in 512 KiB. The hash of a key selects its slot, and keys with the same slot share a
/// budget. The counts are exact under parallel calls, and no lock is used.
/// <para>
/// The framework's rate limiter is not used. It keeps an object for each key, so that a million addresses cost hundreds of megabytes; it reads its own
/// clock; and it answers with 503 unless it is configured otherwise.
/// </para>
/// </summary>
internal sealed class CallCounters(TimeProvider clock)
{
    private const int Slots = 65_536;

    private readonly long[] _fullAt = new long[Slots];
    private readonly long _start = clock.GetTimestamp();

    private long Now => clock.GetElapsedTime(_start).Ticks;

    /// <returns>Null when the call fits into the key's budget and was taken from it; otherwise the time until one fits.</returns>
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

    /// <returns>Null when a call would fit into the key's budget, which is not changed; otherwise the time until one fits.</returns>
    public TimeSpan? FindWait(ReadOnlySpan<char> key, CallBudget budget) => budget.FindWait(Volatile.Read(ref SlotOf(key)), Now, out _);

    /// <summary>
    /// Returns the slot of a key. The hash (Marvin) has a random seed in each process, so that nobody can search for a key that shares a slot with another.
    /// </summary>
    private ref long SlotOf(ReadOnlySpan<char> key) => ref _fullAt[(uint)string.GetHashCode(key, StringComparison.Ordinal) % Slots];
}
