using System.Buffers;
using System.Text;

namespace AuthService.Principals;

internal static class UnicodeText
{
    /// <summary>Of a name, an address or anything else that stands on one line.</summary>
    public const int LongestLine = 250;

    public static bool IsLine(string text) => text.Length <= LongestLine && !text.Any(char.IsControl) && IsWellFormed(text);

    /// <summary>
    /// False when half of a surrogate pair stands alone, or for a noncharacter such as U+FFFE: the first cannot be written
    /// as UTF-8, and neither can be normalized.
    /// </summary>
    public static bool IsWellFormed(string text)
    {
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) is not OperationStatus.Done || IsNoncharacter(rune.Value))
                return false;
            rest = rest[consumed..];
        }

        return true;
    }

    private static bool IsNoncharacter(int codePoint) => (codePoint & 0xFFFE) == 0xFFFE || codePoint is >= 0xFDD0 and <= 0xFDEF;
}
