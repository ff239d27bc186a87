using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals;
using AuthService.Storage;
using AuthService.Webhooks;

namespace AuthService.Api.Admin;

/// <summary>Reads the webhook that an administrator creates. Its address is checked later.</summary>
internal sealed class NewWebhookReader : IJsonReader<NewWebhookReader, NewWebhookRequest, WantedWebhook>
{
    private const int MostEvents = 100;

    public static ApiError BadEvents =>
        ApiError.BadRequest($"events must be 1 to {MostEvents} of these, each {EventPattern.Form}; leave it out for every success");

    public static ApiError BadDescription => ApiError.BadRequest($"description must have at most {UnicodeText.LineForm}");

    public static ApiError? FindFault(string[]? events, string? description)
    {
        if (events is not null && (events.Length is 0 or > MostEvents || !events.All(pattern => pattern is not null && EventPattern.IsKnown(pattern))))
            return BadEvents;
        return description is not null && !UnicodeText.IsLine(description) ? BadDescription : null;
    }

    public static ReadResult<WantedWebhook> Read(NewWebhookRequest body) =>
        FindFault(body.Events, body.Description) is { } fault ? fault : new WantedWebhook(body.Url, body.Events, body.Description);
}

/// <summary>Reads the change that an administrator makes to a webhook.</summary>
internal sealed class WebhookPatchReader : IJsonReader<WebhookPatchReader, WebhookPatch, WebhookChange>
{
    public static ReadResult<WebhookChange> Read(WebhookPatch body) =>
        NewWebhookReader.FindFault(body.Events.Value, body.Description.Value) is { } fault
            ? fault
            : new WebhookChange(body.Url, new(body.Events.IsGiven, body.Events.Value), body.Description, body.Enabled);
}

/// <param name="From">Events of this time and later are sent again.</param>
/// <param name="After">Only events after this position are sent; null for all.</param>
internal sealed record WantedReplay(DateTimeOffset From, RowPosition? After);

/// <summary>Reads the time from which events are sent again.</summary>
internal sealed class ReplayReader : IJsonReader<ReplayReader, ReplayRequest, WantedReplay>
{
    public static ApiError NoFrom => ApiError.BadRequest("from must be a moment like 2026-11-22T05:42:43Z");

    public static ApiError BadAfter => ApiError.BadRequest("after must be that of an answer, as it is");

    public static ReadResult<WantedReplay> Read(ReplayRequest body)
    {
        if (body.From is not { } from)
            return NoFrom;
        if (body.After is null)
            return new WantedReplay(from, After: null);
        return RowPosition.TryParse(body.After, out var after) ? new WantedReplay(from, after) : BadAfter;
    }
}

/// <param name="Status">Only deliveries with this status are listed; null for all.</param>
/// <param name="After">The position of the last row of the previous page; null for the first page.</param>
/// <param name="Limit">The largest number of deliveries to list.</param>
internal sealed record DeliveryQuery(DeliveryStatus? Status, RowPosition? After, int Limit);

/// <summary>Reads the filter and the page of a list of deliveries from the query string.</summary>
internal sealed class DeliveryReader : IInputReader<DeliveryQuery>
{
    private static readonly string States = string.Join(", ", Enum.GetValues<DeliveryStatus>().Select(ToWire));

    public static ApiError BadStatus => QueryValues.Bad("status", $"one of {States}");

    public static void Document(EndpointBuilder endpoint)
    {
        endpoint.Metadata.Add(new ReadsParameter("status", $"One of {States}; all when missing"));
        ListQuery.DocumentPage(endpoint);
    }

    public static ValueTask<ReadResult<DeliveryQuery>> ReadAsync(HttpContext context) => ValueTask.FromResult(Read(new QueryValues(context.Request.Query)));

    public static string ToWire(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Waiting => "WAITING",
        DeliveryStatus.Delivered => "DELIVERED",
        _ => "FAILED",
    };

    private static ReadResult<DeliveryQuery> Read(QueryValues query)
    {
        var status = query.Read<DeliveryStatus?>("status", null, $"one of {States}", TryReadStatus);
        var (limit, after) = ListQuery.ReadPage(query);
        return query.Fault is { } fault ? fault : new DeliveryQuery(status, after, limit);
    }

    private static bool TryReadStatus(string text, out DeliveryStatus? status)
    {
        status = Enum.GetValues<DeliveryStatus>().Select(known => (DeliveryStatus?)known).FirstOrDefault(known => ToWire(known!.Value) == text);
        return status is not null;
    }
}
