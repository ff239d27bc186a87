using System.Buffers.Binary;

namespace AuthService.Tokens;

/// <param name="Hash">Of the whole text of the token.</param>
/// <param name="Token">What it says.</param>
/// <param name="Key">With which its signature was checked.</param>
internal sealed record RecentToken(byte[] Hash, AccessToken Token, SigningKey Key);

/// <summary>
/// Tokens whose signature was found valid a moment ago: one token is shown at every call of its ten minutes, and checking
/// the signature costs more than the rest of a call. Kept is only what never changes; whether the key is still good, the
/// issuer still ours and the token not expired is checked each time. A fixed number of slots, two of them for a token, so that ten
/// thousand callers seldom meet: it takes the free one, or the place of another token. Long tokens and those that are used once are
/// not kept, and expired ones are dropped.
/// </summary>
internal sealed class RecentTokens(TimeProvider clock)
{
    /// <summary>In characters. What one person's token holds fits; a chain of services or a long list of scopes does not.</summary>
    public const int LongestText = 2048;

    private const int Slots = 16_384;

    /// <summary>So many slots are looked through with each token that is kept: all of them with every thousand.</summary>
    private const int SweptAtOnce = 16;

    private readonly RecentToken?[] _slots = new RecentToken?[Slots];
    private int _swept;

    /// <summary>How many are kept.</summary>
    public int Count => _slots.Count(recent => recent is not null);

    public RecentToken? Find(byte[] hash) => FindIn(FirstSlotOf(hash), hash) ?? FindIn(SecondSlotOf(hash), hash);

    /// <param name="recent">What is kept of it.</param>
    /// <param name="length">Of its whole text.</param>
    public void Keep(RecentToken recent, int length)
    {
        if (length > LongestText || recent.Token.Jti is not null)
            return;
        var first = FirstSlotOf(recent.Hash);
        var isFree = Volatile.Read(ref _slots[first]) is null || FindIn(first, recent.Hash) is not null;
        Volatile.Write(ref _slots[isFree ? first : SecondSlotOf(recent.Hash)], recent);
        Sweep();
    }

    private void Sweep()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var end = (uint)Interlocked.Add(ref _swept, SweptAtOnce);
        for (var slot = end - SweptAtOnce; slot != end; slot++)
        {
            ref var swept = ref _slots[slot % Slots];
            if (Volatile.Read(ref swept) is { } recent && recent.Token.ExpiresAt <= now)
                Interlocked.CompareExchange(ref swept, null, recent);
        }
    }

    private RecentToken? FindIn(uint slot, byte[] hash) =>
        Volatile.Read(ref _slots[slot]) is { } recent && hash.AsSpan().SequenceEqual(recent.Hash) ? recent : null;

    private static uint FirstSlotOf(byte[] hash) => BinaryPrimitives.ReadUInt32LittleEndian(hash) % Slots;

    private static uint SecondSlotOf(byte[] hash) => BinaryPrimitives.ReadUInt32LittleEndian(hash.AsSpan(sizeof(uint))) % Slots;
}
