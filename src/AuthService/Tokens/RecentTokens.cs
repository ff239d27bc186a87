using System.Buffers.Binary;

namespace AuthService.Tokens;

/// <param name="Hash">Of the whole text of the token.</param>
/// <param name="Token">What it says.</param>
/// <param name="Key">With which its signature was checked.</param>
internal sealed record RecentToken(byte[] Hash, AccessToken Token, SigningKey Key);

/// <summary>
/// Tokens whose signature was found to hold a moment ago: one token is shown at every call of its ten minutes, and checking
/// the signature costs more than the rest of a call. Remembered is only what never changes; whether the key is still
/// good, the issuer still ours and the token not over is asked each time. A fixed number of slots in a few megabytes: a
/// token takes the place of another one, and nobody gets in without a signature of ours.
/// </summary>
internal sealed class RecentTokens
{
    private const int Slots = 16_384;

    private readonly RecentToken?[] _slots = new RecentToken?[Slots];

    public RecentToken? Find(byte[] hash) =>
        Volatile.Read(ref SlotOf(hash)) is { } recent && hash.AsSpan().SequenceEqual(recent.Hash) ? recent : null;

    public void Keep(RecentToken recent) => Volatile.Write(ref SlotOf(recent.Hash), recent);

    private ref RecentToken? SlotOf(byte[] hash) => ref _slots[BinaryPrimitives.ReadUInt32LittleEndian(hash) % Slots];
}
