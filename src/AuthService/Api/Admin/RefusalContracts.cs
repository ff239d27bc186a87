using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Refusals;
using AuthService.Storage;

namespace AuthService.Api.Admin;

/// <summary>A call that was refused.</summary>
/// <param name="At">When the call was refused.</param>
/// <param name="TraceId">The <c>traceId</c> of the error that the caller got.</param>
/// <param name="Operation">The called operation, by its name in the OpenAPI documents, or the path of a page; null for any other path.</param>
/// <param name="Status">The HTTP status of the response.</param>
/// <param name="Code">The code of the error that the caller got.</param>
/// <param name="Reason">The code of the rule that refused the call. When no separate rule did, this is the error's code again.</param>
/// <param name="Rule">A description of that rule.</param>
/// <param name="Principal">The id of the principal that the call was about; null when it is not known.</param>
/// <param name="SessionId">The session that the call was about; null when it is not known.</param>
/// <param name="Caller">The id of the principal or application that was authenticated; null when none was.</param>
/// <param name="IpAddress">The IP address that the call came from.</param>
/// <param name="Facts">The values that decided it. Times are UTC; durations are days.hours:minutes:seconds.</param>
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

/// <param name="Items">The refused calls of this page, newest first.</param>
/// <param name="NextCursor">The value to send as <c>cursor</c> to get the next page; null on the last page.</param>
internal sealed record RefusalPageResponse(IReadOnlyList<RefusalItem> Items, string? NextCursor);

/// <param name="Filter">The condition that listed calls meet.</param>
/// <param name="After">The position of the last row of the previous page; null for the first page.</param>
/// <param name="Limit">The largest number of calls to list.</param>
internal sealed record RefusalQuery(RefusalFilter Filter, RowPosition? After, int Limit);

/// <summary>Reads the filter and the page of a list of refused calls from the query string.</summary>
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
