using System.Globalization;
using System.Text;

namespace AuthService.Configuration;

/// <summary>
/// Writes text from outside on one line of a terminal or a log. Characters that would begin another line or move the cursor are escaped.
/// </summary>
internal static class OneLine
{
    public static string Of(string text)
    {
        if (!text.Any(Breaks))
            return text;
        var line = new StringBuilder(text.Length + 16);
        foreach (var character in text)
            _ = Breaks(character) ? line.Append(Escape(character)) : line.Append(character);
        return line.ToString();
    }

    private static bool Breaks(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';

    private static string Escape(char character) => character switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
    };
}
