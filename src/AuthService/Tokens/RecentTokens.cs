using System.Buffers.Binary;

namespace AuthService.Tokens;

/// <summary>An access token with a signature that was verified recently.</summary>
/// <param name="Hash">The hash of the whole text of the token.</param>
/// <param name="Token">The claims of the token.</param>
/// <param name="Key">The key with which its signature was verified.</param>
internal sealed record RecentToken(byte[] Hash, AccessToken Token, SigningKey Key);

/// <summary>
/// Caches tokens with verified signatures. A caller sends one token with every request of its ten minutes, and verifying the signature costs more than the rest
/// of a request. The key, the issuer and the expiry can change, so they are checked each time. There is a fixed number of slots, and each token may use two of
/// them: a free one, or else it replaces another token. Long and one-time tokens are not cached.
/// </summary>
internal sealed class RecentTokens(TimeProvider clock)
{
    /// <summary>The maximum length in characters. The token of a person fits; a chain of services or a long list of scopes does not.</summary>
    public const int LongestText = 2048;

    private const int Slots = 16_384;

    /// <summary>The number of slots that are searched for expired tokens when a token is cached. About a thousand cached tokens cover all slots.</summary>
    private const int SweptAtOnce = 16;

    private readonly RecentToken?[] _slots = new RecentToken?[Slots];
    private int _swept;

    /// <summary>The number of cached tokens.</summary>
    public int Count => _slots.Count(recent => recent is not null);

    public RecentToken? Find(byte[] hash) => FindIn(FirstSlotOf(hash), hash) ?? FindIn(SecondSlotOf(hash), hash);

    /// <param name="recent">The token to cache.</param>
    /// <param name="length">The length of its whole text.</param>
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
