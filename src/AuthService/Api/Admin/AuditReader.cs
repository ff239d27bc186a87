using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Audit;
using AuthService.Storage;

namespace AuthService.Api.Admin;

/// <param name="Filter">The condition that listed entries meet.</param>
/// <param name="After">The position of the last row of the previous page; null for the first page.</param>
/// <param name="Limit">The largest number of entries to list.</param>
internal sealed record AuditQuery(AuditFilter Filter, RowPosition? After, int Limit);

/// <summary>Reads the filter and the page of a list of audit entries from the query string.</summary>
internal sealed class AuditReader : IInputReader<AuditQuery>
{
    private static readonly string Events = $"one of {string.Join(", ", AuditEvents.All.Order(StringComparer.Ordinal))}";

    public static ApiError BadPeriod => ApiError.BadRequest("from in the query must not be later than to");

    public static void Document(EndpointBuilder endpoint)
    {
        endpoint.Metadata.Add(new ReadsParameter("principal", "To whom it was done: an id in any letter case"));
        endpoint.Metadata.Add(new ReadsParameter("actor", "Who did it: an id in any letter case"));
        endpoint.Metadata.Add(new ReadsParameter("event", Events));
        endpoint.Metadata.Add(new ReadsParameter("from", $"Not before {ListQuery.Moment}; UTC unless it says otherwise"));
        endpoint.Metadata.Add(new ReadsParameter("to", $"Before {ListQuery.Moment}"));
        ListQuery.DocumentPage(endpoint);
    }

    public static ValueTask<ReadResult<AuditQuery>> ReadAsync(HttpContext context) => ValueTask.FromResult(Read(new QueryValues(context.Request.Query)));

    private static ReadResult<AuditQuery> Read(QueryValues query)
    {
        var filter = new AuditFilter(
            ListQuery.ReadId(query, "principal"),
            ListQuery.ReadId(query, "actor"),
            query.Read<string?>("event", null, Events, TryReadEvent),
            ListQuery.ReadMoment(query, "from"),
            ListQuery.ReadMoment(query, "to"));
        var (limit, after) = ListQuery.ReadPage(query);
        if (query.Fault is { } fault)
            return fault;
        return filter.From > filter.To ? BadPeriod : new AuditQuery(filter, after, limit);
    }

    private static bool TryReadEvent(string text, out string? name)
    {
        name = text;
        return AuditEvents.All.Contains(text);
    }
}
