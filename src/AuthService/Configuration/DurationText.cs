using System.Globalization;
using System.Text.RegularExpressions;

namespace AuthService.Configuration;

/// <summary>
/// Reads durations in settings: <c>[days.]hours:minutes:seconds</c>. .NET also accepts texts that mean something else than intended: <c>600</c> is
/// 600 days, <c>24:00:00</c> is 24 days and <c>10:00</c> is ten hours. These are refused.
/// </summary>
internal static partial class DurationText
{
    private const string Example = "write 00:10:00 for ten minutes, 1.00:00:00 for a day";

    private static readonly (string Name, Func<TimeSpan, int> Count)[] Units =
    [
        ("day", time => time.Days), ("hour", time => time.Hours), ("minute", time => time.Minutes), ("second", time => time.Seconds),
        ("millisecond", time => time.Milliseconds),
    ];

    /// <returns>The text to write instead. Null when the text is a duration.</returns>
    public static string? FindFault(string text)
    {
        if (Whole().Match(text) is { Success: true } whole)
            return FindFault(text, whole);
        if (Bare().IsMatch(text))
            return Suggest(text, "s", seconds => $"it would be {text} days; write {seconds} for {text} seconds, {text}.00:00:00 for {text} days");
        if (WithoutSeconds().IsMatch(text))
            return $"the seconds are missing; write {text}:00 for hours and minutes, 00:{text} for minutes and seconds";
        return WithUnit().Match(text) is { Success: true } unit
            ? Suggest(unit.Groups["number"].Value, unit.Groups["unit"].Value, meant => $"write {meant}")
            : Example;
    }

    /// <summary>Reads a text in which <see cref="FindFault(string)"/> has found no fault.</summary>
    public static TimeSpan Parse(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Writes a duration in words: <c>10 minutes</c>, <c>1 day 12 hours</c>.</summary>
    public static string ToWords(TimeSpan duration)
    {
        var parts = Units.Select(unit => (unit.Name, Count: Math.Abs(unit.Count(duration)))).Where(part => part.Count > 0)
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count} {part.Name}{(part.Count == 1 ? "" : "s")}"))
            .ToArray();
        return (duration < TimeSpan.Zero ? "minus " : "") + (parts.Length == 0 ? "0 seconds" : string.Join(' ', parts));
    }

    private static string? FindFault(string text, Match whole)
    {
        var hours = int.Parse(whole.Groups["hours"].Value, CultureInfo.InvariantCulture);
        if (hours > 23 && !whole.Groups["days"].Success)
        {
            var rest = text[(whole.Groups["hours"].Index + whole.Groups["hours"].Length)..];
            var meant = string.Create(CultureInfo.InvariantCulture, $"{hours / 24}.{hours % 24:00}{rest}");
            return string.Create(CultureInfo.InvariantCulture, $"it would be {hours} days; write {meant} for {hours} hours, {hours}.00:00:00 for {hours} days");
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _) ? null : Example;
    }

    private static string Suggest(string number, string unit, Func<string, string> say)
    {
        var seconds = unit.ToLowerInvariant() switch { "ms" => 0.001, "s" or "sec" => 1, "m" or "min" => 60, "h" => 3_600, "d" => 86_400, _ => 0d };
        var total = double.Parse(number, CultureInfo.InvariantCulture) * seconds;
        return seconds > 0 && total < TimeSpan.FromDays(100_000).TotalSeconds
            ? say(TimeSpan.FromSeconds(total).ToString("c", CultureInfo.InvariantCulture))
            : Example;
    }

    [GeneratedRegex(@"^-?(?:(?<days>\d{1,8})\.)?(?<hours>\d{1,2}):\d{2}:\d{2}(?:\.\d{1,7})?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^\d{1,9}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bare();

    [GeneratedRegex(@"^\d{1,2}:\d{2}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WithoutSeconds();

    [GeneratedRegex(@"^(?<number>\d{1,9}(?:\.\d{1,3})?) ?(?<unit>[A-Za-z]{1,3})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WithUnit();
}
