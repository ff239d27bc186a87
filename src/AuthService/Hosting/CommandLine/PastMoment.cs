using System.CommandLine.Parsing;
using System.Globalization;

namespace AuthService.Hosting.CommandLine;

/// <summary>A moment in an option (ISO 8601, UTC unless it says otherwise) that is over.</summary>
internal static class PastMoment
{
    public static DateTimeOffset? Read(ArgumentResult argument)
    {
        var text = argument.Tokens.Count is 1 ? argument.Tokens[0].Value : "";
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            argument.AddError($"\"{text}\" is no moment such as 2026-11-28T03:00:00Z.");
        else if (moment > TimeProvider.System.GetUtcNow())
            argument.AddError($"{text} has not come yet.");
        else
            return moment;
        return null;
    }
}
