namespace AuthService.Api.Http.Limits;

/// <summary>
/// Remembers in 512 KiB which credentials were valid a moment ago. Calls with them may continue to the check of the credential although the budget of their
/// address is used up. Nothing else depends on it: these credentials are then checked like all others.
/// </summary>
internal sealed class RecentCredentials(TimeProvider clock)
{
    private const int Slots = 65_536;

    private static readonly TimeSpan Moment = TimeSpan.FromMinutes(10);

    /// <summary>The entries. The upper half of a slot is the second of the last check, counted from 1; the lower half is the hash.</summary>
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

    /// <summary>Removes a credential, because a revoked one must not be let through any longer.</summary>
    public void Remove(ReadOnlySpan<char> credential)
    {
        var hash = Hash(credential);
        ref var slot = ref SlotOf(hash);
        if ((uint)Volatile.Read(ref slot) == hash)
            Volatile.Write(ref slot, 0);
    }

    /// <summary>Returns the hash (Marvin). It has a random seed in each process, so that nobody can search for a text with the hash of a credential.</summary>
    private static uint Hash(ReadOnlySpan<char> credential) => (uint)string.GetHashCode(credential, StringComparison.Ordinal);

    private long Second() => (long)clock.GetElapsedTime(_start).TotalSeconds + 1;

    private ref long SlotOf(uint hash) => ref _slots[hash % Slots];
}
