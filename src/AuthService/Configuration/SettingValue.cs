using System.Globalization;
using System.Text.RegularExpressions;

namespace AuthService.Configuration;

/// <summary>
/// Decides which text is a valid value of a type. The framework's binder reads every accepted text with the same meaning. It would accept more
/// (numbers for names of an enumeration, times without a zone), which is refused here.
/// </summary>
internal static partial class SettingValue
{
    private const int LongestShown = 100;

    /// <summary>Returns whether a setting of this type is one value, and not a list or a section.</summary>
    public static bool IsSingle(Type type) => Plain(type) is var plain && (plain.IsEnum || plain == typeof(string) || plain == typeof(bool)
        || plain == typeof(int) || plain == typeof(TimeSpan) || plain == typeof(DateTimeOffset));

    /// <returns>The form that the value must have, worded to follow "must be". Null when the text is valid.</returns>
    public static string? FindFault(Type type, string text)
    {
        var (plain, value) = (Plain(type), text.Trim());
        if (plain == typeof(string))
            return null;
        if (plain.IsEnum)
            return Enum.GetNames(plain).Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"one of {string.Join(", ", Enum.GetNames(plain))}";
        if (plain == typeof(bool))
            return bool.TryParse(value, out _) ? null : "true or false";
        if (plain == typeof(int))
            return Number().IsMatch(value) && int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? null : "a whole number";
        if (plain == typeof(DateTimeOffset))
        {
            return Moment().IsMatch(value) && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _)
                ? null
                : "a time with its zone (2026-12-26T12:00:00Z)";
        }

        return DurationText.FindFault(value) is { } meant ? $"a duration ([days.]hours:minutes:seconds; {meant})" : null;
    }

    /// <summary>Shows a value in a message: on one line, and shortened.</summary>
    public static string Show(string text) => $"\"{OneLine.Of(text.Length <= LongestShown ? text : $"{text[..LongestShown]}…")}\"";

    public static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    [GeneratedRegex(@"^-?\d{1,10}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Moment();
}
