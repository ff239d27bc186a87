using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AuthService.Hosting.CommandLine;

/// <summary>
/// Reads a past moment from an option (ISO 8601, UTC unless it says otherwise). Other forms that .NET reads are refused: in <c>05/11/2026</c> it
/// reads the month first, and a time without a date becomes a time of today.
/// </summary>
internal static partial class PastMoment
{
    public static DateTimeOffset? Read(ArgumentResult argument)
    {
        var text = argument.Tokens.Count is 1 ? argument.Tokens[0].Value : "";
        if (!Form().IsMatch(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            argument.AddError($"\"{text}\" is no moment such as 2026-11-28T03:00:00Z.");
        else if (moment > TimeProvider.System.GetUtcNow())
            argument.AddError($"{text} has not come yet.");
        else
            return moment;
        return null;
    }

    /// <summary>Shows a moment in a result, so that the user sees how it was read.</summary>
    public static string Show(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
