using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Refusals;
using AuthService.Storage;

namespace AuthService.Api.Admin;

/// <summary>A call that was refused.</summary>
/// <param name="At">When.</param>
/// <param name="TraceId">As it stands in the error that the caller got.</param>
/// <param name="Operation">The operation that was called, by its name in these documents; null for a path that is none.</param>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Code">The code of the error that the caller got.</param>
/// <param name="Reason">The rule that refused it, for programs; the code again where nothing else stands behind it.</param>
/// <param name="Rule">The rule in words.</param>
/// <param name="Principal">The id of the principal that it was about; null when nobody knows.</param>
/// <param name="SessionId">The session that it was about.</param>
/// <param name="Caller">The id of the principal or application whose credential held.</param>
/// <param name="IpAddress">Where the call came from.</param>
/// <param name="Facts">What decided it; moments are UTC, durations are days.hours:minutes:seconds.</param>
internal sealed record RefusalItem(
    DateTimeOffset At,
    string TraceId,
    string? Operation,
    int Status,
    string Code,
    string Reason,
    string Rule,
    string? Principal,
    Guid? SessionId,
    string? Caller,
    string? IpAddress,
    IReadOnlyDictionary<string, string> Facts)
{
    public static RefusalItem Of(RefusedCall refused) => new(
        refused.At,
        refused.TraceId,
        refused.Operation,
        refused.Status,
        refused.Code,
        refused.Reason,
        refused.Rule,
        refused.Principal,
        refused.SessionId,
        refused.Caller,
        refused.IpAddress,
        refused.Facts.ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal));
}

/// <param name="Items">The newest first.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the page after this one; null on the last page.</param>
internal sealed record RefusalPageResponse(IReadOnlyList<RefusalItem> Items, string? NextCursor);

/// <param name="Filter">Which refused calls.</param>
/// <param name="After">Where the page before this one ended.</param>
/// <param name="Limit">How many at most.</param>
internal sealed record RefusalQuery(RefusalFilter Filter, RowPosition? After, int Limit);

/// <summary>Which refused calls are listed, and how many.</summary>
internal sealed class RefusalReader : IInputReader<RefusalQuery>
{
    private const string Reasons = "a reason as it stands in an item, such as SESSION_SUSPENDED";
    private const int LongestReason = 64;

    public static ApiError BadReason => QueryValues.Bad("reason", Reasons);

    public static void Document(EndpointBuilder endpoint)
    {
        endpoint.Metadata.Add(new ReadsParameter("principal", "About whom: an id in any letter case"));
        endpoint.Metadata.Add(new ReadsParameter("reason", Reasons));
        endpoint.Metadata.Add(new ReadsParameter("from", $"Not before {ListQuery.Moment}; UTC unless it says otherwise"));
        ListQuery.DocumentPage(endpoint);
    }

    public static ValueTask<ReadResult<RefusalQuery>> ReadAsync(HttpContext context) => ValueTask.FromResult(Read(new QueryValues(context.Request.Query)));

    private static ReadResult<RefusalQuery> Read(QueryValues query)
    {
        var filter = new RefusalFilter(
            ListQuery.ReadId(query, "principal"),
            query.Read<string?>("reason", null, Reasons, TryReadReason),
            ListQuery.ReadMoment(query, "from"));
        var (limit, after) = ListQuery.ReadPage(query);
        return query.Fault is { } fault ? fault : new RefusalQuery(filter, after, limit);
    }

    private static bool TryReadReason(string text, out string? reason)
    {
        reason = text;
        return text.Length is > 0 and <= LongestReason && text.All(c => c is '_' or (>= 'A' and <= 'Z'));
    }
}
