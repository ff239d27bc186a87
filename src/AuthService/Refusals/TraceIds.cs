using System.Diagnostics.CodeAnalysis;

namespace AuthService.Refusals;

/// <summary>Parses trace ids as people paste them (W3C trace context).</summary>
internal static class TraceIds
{
    public const string Form = "A trace id is 32 hexadecimal digits, as it stands in an error";

    public const string Unknown = "No call of this trace was refused within a day, or too many were at that moment";

    private const int Length = 32;

    /// <returns>The trace id as it is stored; null when the text is not a trace id.</returns>
    [SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "W3C trace ids are written in lower case")]
    public static string? Find(string text) => text.Trim() is { Length: Length } id && id.All(char.IsAsciiHexDigit) ? id.ToLowerInvariant() : null;
}
