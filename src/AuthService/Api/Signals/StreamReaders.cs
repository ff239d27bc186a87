using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals;
using AuthService.Signals;

namespace AuthService.Api.Signals;

/// <summary>What a request wants of a stream.</summary>
/// <param name="Id">Which one; empty where the request names none that there could be.</param>
/// <param name="Change">What is set.</param>
/// <param name="Said">The request as it is, for what it says again.</param>
internal sealed record WantedStream(Guid Id, StreamChange Change, StreamRequest Said);

/// <summary>The stream that a service makes.</summary>
internal sealed class NewStreamReader : IInputReader<WantedStream>
{
    public static void Document(EndpointBuilder endpoint) => JsonBody.Document<StreamRequest>(endpoint);

    public static async ValueTask<ReadResult<WantedStream>> ReadAsync(HttpContext context) =>
        (await JsonBody.ReadAsync<StreamRequest>(context)).Then(body => StreamInput.Read(body, isWhole: true));
}

/// <summary>The whole of a stream that takes the place of what it was.</summary>
internal sealed class WholeStreamReader : IInputReader<WantedStream>
{
    public static void Document(EndpointBuilder endpoint) => JsonBody.Document<StreamRequest>(endpoint);

    public static async ValueTask<ReadResult<WantedStream>> ReadAsync(HttpContext context) =>
        (await JsonBody.ReadAsync<StreamRequest>(context)).Then(body => body.StreamId is null ? StreamInput.NoId : StreamInput.Read(body, isWhole: true));
}

/// <summary>What is changed of a stream; what is missing, or null, stays as it is.</summary>
internal sealed class StreamPatchReader : IInputReader<WantedStream>
{
    public static void Document(EndpointBuilder endpoint) => JsonBody.Document<StreamRequest>(endpoint);

    public static async ValueTask<ReadResult<WantedStream>> ReadAsync(HttpContext context) =>
        (await JsonBody.ReadAsync<StreamRequest>(context)).Then(body => body.StreamId is null ? StreamInput.NoId : StreamInput.Read(body, isWhole: false));
}

internal static class StreamInput
{
    public const string IdName = "stream_id";

    private const int MostEvents = 50;
    private const int LongestEvent = 256;
    private const int LongestHeader = 4_096;

    public static ApiError NoId => ApiError.BadRequest($"{IdName} is missing");

    public static ApiError BadEvents => ApiError.BadRequest($"events_requested must hold 1 to {MostEvents} URIs of at most {LongestEvent} characters");

    public static ApiError BadDescription =>
        ApiError.BadRequest($"description must have at most {UnicodeText.LongestLine} characters, none of them a control character");

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

    /// <summary>Polled where nothing is said (SSF 1.0, section 8.1.1.1).</summary>
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

/// <summary>The <c>stream_id</c> of a query, where it may be missing.</summary>
internal sealed class OptionalStreamIdReader : IInputReader<Guid?>
{
    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(
        new ReadsParameter(StreamInput.IdName, "The stream's id; without one all streams of the service are listed"));

    public static ValueTask<ReadResult<Guid?>> ReadAsync(HttpContext context) => ValueTask.FromResult<ReadResult<Guid?>>(
        context.Request.Query.TryGetValue(StreamInput.IdName, out var text) ? Ids.Read(text) : new ReadResult<Guid?>(value: null));
}

/// <summary>The <c>stream_id</c> of a query.</summary>
internal sealed class StreamIdReader : IInputReader<Guid>
{
    public static ApiError Missing => ApiError.BadRequest($"{StreamInput.IdName} is missing in the query");

    public static void Document(EndpointBuilder endpoint) =>
        endpoint.Metadata.Add(new ReadsParameter(StreamInput.IdName, "The stream's id") { Required = true });

    public static ValueTask<ReadResult<Guid>> ReadAsync(HttpContext context) => ValueTask.FromResult<ReadResult<Guid>>(
        context.Request.Query.TryGetValue(StreamInput.IdName, out var text) ? Ids.Read(text) : Missing);
}
