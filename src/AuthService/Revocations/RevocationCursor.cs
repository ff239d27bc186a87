using System.Globalization;

namespace AuthService.Revocations;

/// <summary>How far a reader of the feed has come.</summary>
/// <param name="Epoch">Of which database (<see cref="Storage.CommitOrder.Epoch"/>).</param>
/// <param name="Position">Everything below it has been read.</param>
internal readonly record struct RevocationCursor(string Epoch, long Position)
{
    /// <summary>In characters.</summary>
    private const int Longest = 128;

    /// <summary>What the instance that gave it has handed on beyond that: there may be more, as transactions that began earlier are still open.</summary>
    public LogPlace? Place { get; init; }

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
        if (!TryParseNumber(parts[3], out var sequence) || !parts[2].All(char.IsAsciiLetterOrDigit))
            return false;
        cursor = cursor with { Place = new LogPlace(parts[2], sequence) };
        return true;
    }

    public override string ToString() => Place is { } place
        ? string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Position}.{place.Log}.{place.Sequence}")
        : string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Position}");

    private static bool TryParseNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <param name="Log">Which one: every start of one has a name of its own.</param>
/// <param name="Sequence">The last entry that was handed on.</param>
internal readonly record struct LogPlace(string Log, long Sequence);
