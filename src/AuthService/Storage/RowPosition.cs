using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AuthService.Storage;

/// <summary>
/// The place right after one row in a list ordered by time. Clients get it as opaque text. A checksum detects text that was damaged or made up. It
/// protects no secret: a caller that may read the list may read all of it.
/// </summary>
internal sealed record RowPosition(DateTimeOffset At, long Number)
{
    private const int ChecksumAt = 16;
    private const int Length = 24;

    /// <summary>24 bytes make exactly 32 characters with no unused bit, so no two texts mean the same place.</summary>
    private const int TextLength = 32;

    public static bool TryParse(string text, [NotNullWhen(true)] out RowPosition? position)
    {
        position = null;
        Span<byte> bytes = stackalloc byte[Length];
        if (text.Length != TextLength || Base64Url.DecodeFromChars(text, bytes, out _, out var written) is not OperationStatus.Done || written != Length)
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
/// <param name="ItemsInTotal">The number of items on all pages together.</param>
/// <param name="Items">The items of this page.</param>
internal sealed record NumberedPage<T>(int ItemsInTotal, IReadOnlyList<T> Items);

/// <summary>One page of a list ordered by time.</summary>
/// <param name="Items">The items, the newest first.</param>
/// <param name="Next">The place where the next page begins. Null on the last page.</param>
internal sealed record RowPage<T>(IReadOnlyList<T> Items, RowPosition? Next);

internal static class RowPage
{
    /// <param name="found">The rows that were found: one more than a page holds if another page follows.</param>
    /// <param name="limit">The number of items on a page.</param>
    /// <param name="positionOf">Gets the place right after an item.</param>
    public static RowPage<T> Of<T>(List<T> found, int limit, Func<T, RowPosition> positionOf) => found.Count <= limit
        ? new RowPage<T>(found, Next: null)
        : new RowPage<T>(found[..limit], positionOf(found[limit - 1]));
}
