using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals;
using AuthService.Signals;

namespace AuthService.Api.Signals;

/// <summary>A request to create or change a stream.</summary>
/// <param name="Id">The stream's id; <see cref="Guid.Empty"/> when the request has none or a malformed one.</param>
/// <param name="Change">The members to set.</param>
/// <param name="Said">The request itself, to check the members that it repeats.</param>
internal sealed record WantedStream(Guid Id, StreamChange Change, StreamRequest Said);

/// <summary>Reads the stream that a service creates.</summary>
internal sealed class NewStreamReader : IJsonReader<NewStreamReader, StreamRequest, WantedStream>
{
    public static ReadResult<WantedStream> Read(StreamRequest body) => StreamInput.Read(body, isWhole: true);
}

/// <summary>Reads a whole stream, which replaces the existing one.</summary>
internal sealed class WholeStreamReader : IJsonReader<WholeStreamReader, StreamRequest, WantedStream>
{
    public static ReadResult<WantedStream> Read(StreamRequest body) =>
        body.StreamId is null ? StreamInput.NoId : StreamInput.Read(body, isWhole: true);
}

/// <summary>Reads a change of a stream. Members that are missing or null stay unchanged.</summary>
internal sealed class StreamPatchReader : IJsonReader<StreamPatchReader, StreamRequest, WantedStream>
{
    public static ReadResult<WantedStream> Read(StreamRequest body) =>
        body.StreamId is null ? StreamInput.NoId : StreamInput.Read(body, isWhole: false);
}

internal static class StreamInput
{
    public const string IdName = "stream_id";

    private const int MostEvents = 50;
    private const int LongestEvent = 256;
    private const int LongestHeader = 4_096;

    public static ApiError NoId => ApiError.BadRequest($"{IdName} is missing");

    public static ApiError BadEvents => ApiError.BadRequest($"events_requested must hold 1 to {MostEvents} URIs of at most {LongestEvent} characters");

    public static ApiError BadDescription => ApiError.BadRequest($"description must have at most {UnicodeText.LineForm}");

    public static ApiError BadMethod => ApiError.BadRequest($"delivery.method is {StreamDelivery.PushMethod} or {StreamDelivery.PollMethod}");

    public static ApiError NoAddress => ApiError.BadRequest("delivery.endpoint_url is missing");

    public static ApiError BadHeader => ApiError.BadRequest($"delivery.authorization_header must have 1 to {LongestHeader} visible characters");

    public static ReadResult<WantedStream> Read(StreamRequest body, bool isWhole)
    {
        if (body.EventsRequested is { } events && (events.Length is 0 or > MostEvents || !Array.TrueForAll(events, IsEvent)))
            return BadEvents;
        if (body.Description is { } description && !UnicodeText.IsLine(description))
            return BadDescription;
        return ReadDelivery(body.Delivery).Then<WantedStream>(delivery => new WantedStream(
            Ids.Read(body.StreamId),
            new StreamChange
            {
                Events = new Optional<IReadOnlyList<string>>(isWhole || body.EventsRequested is not null, body.EventsRequested),
                Description = new Optional<string>(isWhole || body.Description is not null, body.Description),
                Delivery = new Optional<StreamDelivery>(isWhole || body.Delivery is not null, delivery),
            },
            body));
    }

    /// <summary>Reads the delivery. Without one, the stream is polled (SSF 1.0, section 8.1.1.1).</summary>
    private static ReadResult<StreamDelivery> ReadDelivery(DeliveryBody? delivery) => delivery switch
    {
        null or { Method: StreamDelivery.PollMethod } => new StreamDelivery.Poll(),
        { Method: not StreamDelivery.PushMethod } => BadMethod,
        { EndpointUrl: null } => NoAddress,
        { AuthorizationHeader: { } header } when !IsHeader(header) => BadHeader,
        _ => new StreamDelivery.Push(delivery.EndpointUrl, delivery.AuthorizationHeader),
    };

    private static bool IsEvent(string? text) => text is { Length: > 0 and <= LongestEvent } && text.All(c => c is > ' ' and <= '~');

    private static bool IsHeader(string text) => text is { Length: > 0 and <= LongestHeader } && text.All(c => c is >= ' ' and <= '~');
}

/// <summary>Reads the <c>stream_id</c> of the query, which may be missing.</summary>
internal sealed class OptionalStreamIdReader : IInputReader<Guid?>
{
    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(
        new ReadsParameter(StreamInput.IdName, "The stream's id; without one all streams of the service are listed"));

    public static ValueTask<ReadResult<Guid?>> ReadAsync(HttpContext context) => ValueTask.FromResult<ReadResult<Guid?>>(
        context.Request.Query.TryGetValue(StreamInput.IdName, out var text) ? Ids.Read(text) : new ReadResult<Guid?>(value: null));
}

/// <summary>Reads the <c>stream_id</c> of the query.</summary>
internal sealed class StreamIdReader : IInputReader<Guid>
{
    public static ApiError Missing => ApiError.BadRequest($"{StreamInput.IdName} is missing in the query");

    public static void Document(EndpointBuilder endpoint) =>
        endpoint.Metadata.Add(new ReadsParameter(StreamInput.IdName, "The stream's id") { Required = true });

    public static ValueTask<ReadResult<Guid>> ReadAsync(HttpContext context) => ValueTask.FromResult<ReadResult<Guid>>(
        context.Request.Query.TryGetValue(StreamInput.IdName, out var text) ? Ids.Read(text) : Missing);
}
