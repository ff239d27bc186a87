using System.Buffers;
using System.Globalization;
using System.Text;

namespace AuthService.Principals;

internal static class UnicodeText
{
    /// <summary>The maximum length of a name, an address or another text on one line.</summary>
    public const int LongestLine = 250;

    /// <summary>The rule of <see cref="IsLine"/>, as a text for the caller. Before it stands "at most" or "1 to".</summary>
    public static readonly string LineForm = $"{LongestLine} characters, none of them a control character";

    public static bool IsLine(string text) => text.Length <= LongestLine && !text.Any(char.IsControl) && IsWellFormed(text);

    /// <summary>
    /// Returns false for half of a surrogate pair, which cannot be written as UTF-8, and for a noncharacter such as U+FFFE. Neither can be normalized.
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

    /// <summary>Removes white space and format characters (Cf) at both ends.</summary>
    public static string TrimInvisible(string text)
    {
        var rest = text.AsSpan();
        while (Rune.DecodeFromUtf16(rest, out var first, out var length) is OperationStatus.Done && IsSpaceOrFormat(first))
            rest = rest[length..];
        while (Rune.DecodeLastFromUtf16(rest, out var last, out var length) is OperationStatus.Done && IsSpaceOrFormat(last))
            rest = rest[..^length];
        return rest.Length == text.Length ? text : rest.ToString();
    }

    /// <summary>
    /// Returns whether a character is invisible in a line of text or breaks the line: format characters, line and paragraph separators, and other characters
    /// that Unicode calls default-ignorable (fillers, joiners, variation selectors).
    /// </summary>
    public static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164 or 0xFFA0
            or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF);

    private static bool IsSpaceOrFormat(Rune rune) => Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format;

    private static bool IsNoncharacter(int codePoint) => (codePoint & 0xFFFE) == 0xFFFE || codePoint is >= 0xFDD0 and <= 0xFDEF;
}
