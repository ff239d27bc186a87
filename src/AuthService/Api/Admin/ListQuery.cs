using System.Globalization;
using System.Text.RegularExpressions;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals;
using AuthService.Storage;

namespace AuthService.Api.Admin;

/// <summary>Reads the query parameters that all lists in the order of time share.</summary>
internal static partial class ListQuery
{
    public const string Moment = "a moment like 2026-11-22T05:42:43Z or a day like 2026-11-22";

    private const int UsualLimit = 50;
    private const int HighestLimit = 1_000;

    private static readonly string Id = $"an id of {PrincipalName.Form}";
    private static readonly string Limits = $"a whole number from 1 to {HighestLimit}";
    private static readonly string[] MomentFormats = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    public static void DocumentPage(EndpointBuilder endpoint)
    {
        endpoint.Metadata.Add(new ReadsParameter("limit", $"{Limits}; {UsualLimit} when missing") { IsNumber = true });
        endpoint.Metadata.Add(new ReadsParameter("cursor", "The nextCursor of the page before"));
    }

    public static string? ReadId(QueryValues query, string name) => query.Read<string?>(name, null, Id, TryReadId);

    public static DateTimeOffset? ReadMoment(QueryValues query, string name) => query.Read<DateTimeOffset?>(name, null, Moment, TryReadMoment);

    public static (int Limit, RowPosition? After) ReadPage(QueryValues query) => (
        query.Read("limit", UsualLimit, Limits, TryReadLimit),
        query.Read<RowPosition?>("cursor", null, "the nextCursor of a page, unchanged", TryReadCursor));

    private static bool TryReadId(string text, out string? id)
    {
        id = text;
        return PrincipalName.TryParse(text, out _);
    }

    /// <summary>
    /// Accepts a space in place of a plus sign, because a plus sign that is not encoded in a query is read as a space. Fractions below 100 ns are cut off.
    /// </summary>
    private static bool TryReadMoment(string text, out DateTimeOffset? moment)
    {
        var readable = DateTimeOffset.TryParseExact(
            BeyondTicks().Replace(text.Replace(' ', '+'), ""), MomentFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read);
        moment = read;
        return readable;
    }

    private static bool TryReadLimit(string text, out int limit) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= HighestLimit;

    private static bool TryReadCursor(string text, out RowPosition? position) => RowPosition.TryParse(text, out position);

    [GeneratedRegex(@"(?<=\.\d{7})\d+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BeyondTicks();
}
