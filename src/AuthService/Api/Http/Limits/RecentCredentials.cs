namespace AuthService.Api.Http.Limits;

/// <summary>
/// Which credentials were found valid a moment ago, in 512 KiB: their callers are let through to the check although
/// others have used up the budget of their address. It decides nothing else: whoever passes is checked as always.
/// </summary>
internal sealed class RecentCredentials(TimeProvider clock)
{
    private const int Slots = 65_536;

    private static readonly TimeSpan Moment = TimeSpan.FromMinutes(10);

    /// <summary>The upper half of a slot is the second of the last check, counted from 1; the lower half is the hash.</summary>
    private readonly long[] _slots = new long[Slots];
    private readonly long _start = clock.GetTimestamp();

    public bool Contains(ReadOnlySpan<char> credential)
    {
        var hash = Hash(credential);
        var entry = Volatile.Read(ref SlotOf(hash));
        return entry != 0 && (uint)entry == hash && Second() - (entry >> 32) <= (long)Moment.TotalSeconds;
    }

    public void Add(ReadOnlySpan<char> credential)
    {
        var hash = Hash(credential);
        var entry = (Second() << 32) | hash;
        ref var slot = ref SlotOf(hash);
        if (Volatile.Read(ref slot) != entry)
            Volatile.Write(ref slot, entry);
    }

    /// <summary>One that was revoked must not go on passing.</summary>
    public void Remove(ReadOnlySpan<char> credential)
    {
        var hash = Hash(credential);
        ref var slot = ref SlotOf(hash);
        if ((uint)Volatile.Read(ref slot) == hash)
            Volatile.Write(ref slot, 0);
    }

    /// <summary>Marvin, with a seed that is random in each process: nobody can look for a text that meets a credential.</summary>
    private static uint Hash(ReadOnlySpan<char> credential) => (uint)string.GetHashCode(credential, StringComparison.Ordinal);

    private long Second() => (long)clock.GetElapsedTime(_start).TotalSeconds + 1;

    private ref long SlotOf(uint hash) => ref _slots[hash % Slots];
}
