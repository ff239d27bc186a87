using System.Globalization;

namespace AuthService.Revocations;

/// <summary>The position that a reader of the feed has reached.</summary>
/// <param name="Epoch">The database (<see cref="Storage.CommitOrder.Epoch"/>).</param>
/// <param name="Position">The position below which everything has been read.</param>
internal readonly record struct RevocationCursor(string Epoch, long Position)
{
    /// <summary>The maximum length in characters.</summary>
    private const int Longest = 128;

    /// <summary>Separates the name of a log, which is hexadecimal, from the time.</summary>
    private const char BeforeTime = 't';

    /// <summary>
    /// How far beyond the position the instance has delivered its log. There may be more entries, because transactions that began earlier are still open.
    /// Between two pages of the order that all instances share, it is the place in that order.
    /// </summary>
    public LogPlace? Place { get; init; }

    /// <summary>The first place in the shared order that the reader may not know.</summary>
    public RevocationPlace From => new(Position, Place is { IsInOrder: true } place ? place.Sequence : 0);

    /// <summary>
    /// When the instance read what the reader knows, in seconds since 1970. Null for a cursor of version 1.0.0. It stands behind the name of the log, where
    /// an instance of that version reads it as the name of another log.
    /// </summary>
    public long? ReadAt { get; init; }

    /// <summary>Creates the cursor of a reader that knows everything before a place in the shared order.</summary>
    public static RevocationCursor At(string epoch, RevocationPlace next) =>
        new(epoch, next.Position) { Place = new LogPlace(LogPlace.SharedOrder, next.Order) };

    public static bool TryParse(string text, out RevocationCursor cursor)
    {
        cursor = default;
        if (text.Length > Longest || text.Split('.') is not [{ Length: > 0 } epoch, var position, ..] parts || parts.Length is not 2 and not 4)
            return false;
        if (!TryParseNumber(position, out var below) || !epoch.All(char.IsAsciiLetterOrDigit))
            return false;
        cursor = new RevocationCursor(epoch, below);
        if (parts.Length is 2)
            return true;
        if (!TryParseNumber(parts[3], out var sequence) || !TryParseLog(parts[2], out var log, out var readAt))
            return false;
        cursor = cursor with { Place = new LogPlace(log, sequence), ReadAt = readAt };
        return true;
    }

    public override string ToString() => Place is { } place
        ? string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Position}.{place.Log}{(ReadAt is { } at ? $"{BeforeTime}{at}" : "")}.{place.Sequence}")
        : string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Position}");

    private static bool TryParseLog(string text, out string log, out long? readAt)
    {
        readAt = null;
        var parts = text.Split(BeforeTime, 2);
        log = parts[0];
        if (!log.All(char.IsAsciiLetterOrDigit))
            return false;
        if (parts.Length is 1)
            return true;
        var isTime = TryParseNumber(parts[1], out var seconds);
        readAt = seconds;
        return isTime;
    }

    private static bool TryParseNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>A place in the log of one instance.</summary>
/// <param name="Log">The name of the log: each start of a log has a new one.</param>
/// <param name="Sequence">The last entry that was delivered.</param>
internal readonly record struct LogPlace(string Log, long Sequence)
{
    /// <summary>Stands in place of a log for <see cref="RevocationPlace.Order"/>. Version 1.0.0 reads it as the name of another log.</summary>
    public const string SharedOrder = "order";

    public bool IsInOrder => Log == SharedOrder;
}

/// <summary>The place of a revocation in the order that all instances share: by the commit order, and within a transaction by a hash.</summary>
/// <param name="Position">The <see cref="Revocation.Position"/>.</param>
/// <param name="Order">A number that is the same on all instances, not negative.</param>
internal readonly record struct RevocationPlace(long Position, long Order)
{
    public static IComparer<RevocationPlace> LowestFirst { get; } = Comparer<RevocationPlace>.Create(Compare);

    public bool IsBefore(RevocationPlace other) => Compare(this, other) < 0;

    private static int Compare(RevocationPlace one, RevocationPlace other) =>
        one.Position == other.Position ? one.Order.CompareTo(other.Order) : one.Position.CompareTo(other.Position);
}
