using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AuthService.Storage;

/// <summary>
/// A place in a list that is read in the order of time: right after one row. Its text tells nothing by itself, and one that was damaged on its way, or
/// made up, is told from a real one by a checksum. It guards no secret: who may read the list may read all of it.
/// </summary>
internal sealed record RowPosition(DateTimeOffset At, long Number)
{
    private const int ChecksumAt = 16;
    private const int Length = 24;

    /// <summary>24 bytes make 32 characters and not a bit more, so that no two texts mean the same place.</summary>
    private const int TextLength = 32;

    public static bool TryParse(string text, [NotNullWhen(true)] out RowPosition? position)
    {
        position = null;
        Span<byte> bytes = stackalloc byte[Length];
        if (text.Length != TextLength || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != Length)
            return false;
        var (at, number) = (BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[sizeof(long)..]));
        if (!bytes[ChecksumAt..].SequenceEqual(SHA256.HashData(bytes[..ChecksumAt]).AsSpan(0, Length - ChecksumAt)))
            return false;
        position = new RowPosition(UnixMicroseconds.To(at), number);
        return true;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, UnixMicroseconds.From(At));
        BinaryPrimitives.WriteInt64BigEndian(bytes[sizeof(long)..], Number);
        SHA256.HashData(bytes[..ChecksumAt]).AsSpan(0, Length - ChecksumAt).CopyTo(bytes[ChecksumAt..]);
        return Base64Url.EncodeToString(bytes);
    }
}

/// <summary>One page of a list whose pages have numbers.</summary>
/// <param name="ItemsInTotal">Of all pages together.</param>
/// <param name="Items">Those of this page.</param>
internal sealed record NumberedPage<T>(int ItemsInTotal, IReadOnlyList<T> Items);

/// <summary>One page of a list that is read in the order of time.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">Where the next page begins; null on the last one.</param>
internal sealed record RowPage<T>(IReadOnlyList<T> Items, RowPosition? Next);

internal static class RowPage
{
    /// <param name="found">One more than the page holds, where there are so many.</param>
    /// <param name="limit">How many the page holds.</param>
    /// <param name="positionOf">The place right after an item.</param>
    public static RowPage<T> Of<T>(List<T> found, int limit, Func<T, RowPosition> positionOf) => found.Count <= limit
        ? new RowPage<T>(found, Next: null)
        : new RowPage<T>(found[..limit], positionOf(found[limit - 1]));
}
