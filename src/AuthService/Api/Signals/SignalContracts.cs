using System.Text.Json.Serialization;
using AuthService.Signals;

namespace AuthService.Api.Signals;

/// <summary>The way in which SETs are delivered (SSF 1.0, section 6.1).</summary>
/// <param name="Method">urn:ietf:rfc:8935 (push) or urn:ietf:rfc:8936 (poll).</param>
internal sealed record DeliveryBody(string? Method)
{
    /// <summary>The address of the receiver to which SETs are pushed, or the address of this service from which they are polled.</summary>
    [JsonPropertyName("endpoint_url")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EndpointUrl { get; init; }

    /// <summary>The value of the Authorization header of each push. It is never shown again.</summary>
    [JsonPropertyName("authorization_header")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AuthorizationHeader { get; init; }

    public override string ToString() => $"{Method} {EndpointUrl}";
}

/// <summary>A receiver's request for a stream (SSF 1.0, section 8.1.1). It may repeat the members that this service sets, if they are unchanged.</summary>
internal sealed record StreamRequest
{
    [JsonPropertyName("stream_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StreamId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Iss { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Aud { get; init; }

    [JsonPropertyName("events_supported")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? EventsSupported { get; init; }

    [JsonPropertyName("events_requested")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? EventsRequested { get; init; }

    [JsonPropertyName("events_delivered")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? EventsDelivered { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DeliveryBody? Delivery { get; init; }

    [JsonPropertyName("min_verification_interval")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MinVerificationInterval { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }
}

/// <summary>A stream (SSF 1.0, section 8.1.1).</summary>
/// <param name="StreamId">The stream's id.</param>
/// <param name="Iss">The issuer of the stream's SETs.</param>
/// <param name="Aud">The id of the service that owns the stream.</param>
/// <param name="EventsSupported">All event types that this service supports.</param>
/// <param name="EventsRequested">The event types that the receiver requested; absent when it wants all.</param>
/// <param name="EventsDelivered">The event types that are sent over the stream.</param>
/// <param name="Delivery">The way in which SETs are delivered, without the authorization header.</param>
/// <param name="MinVerificationInterval">The shortest time between two verifications, in seconds.</param>
/// <param name="Description">The receiver's own description; absent when there is none.</param>
internal sealed record StreamResponse(
    [property: JsonPropertyName("stream_id")] Guid StreamId,
    string Iss,
    string Aud,
    [property: JsonPropertyName("events_supported")] IReadOnlyList<string> EventsSupported,
    [property: JsonPropertyName("events_requested"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? EventsRequested,
    [property: JsonPropertyName("events_delivered")] IReadOnlyList<string> EventsDelivered,
    DeliveryBody Delivery,
    [property: JsonPropertyName("min_verification_interval")] int MinVerificationInterval,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Description);

/// <param name="StreamId">The stream's id.</param>
/// <param name="Status">enabled, paused or disabled.</param>
/// <param name="Reason">The reason for the status, at most 250 characters; absent when there is none.</param>
internal sealed record StatusBody(
    [property: JsonPropertyName("stream_id")] string? StreamId,
    string? Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
{
    public static StatusBody Of(SignalStream stream) => new(stream.Id.ToString(), stream.Status.ToString().ToLowerInvariant(), stream.Reason);
}

/// <param name="StreamId">The stream's id.</param>
/// <param name="State">A value that is returned in the verification event.</param>
internal sealed record VerifyRequest(
    [property: JsonPropertyName("stream_id")] string? StreamId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? State);

/// <summary>The reason for which a receiver refuses a SET (RFC 8935, section 2.4).</summary>
internal sealed record SetErrorBody(string? Err, string? Description);

/// <summary>A poll (RFC 8936, section 2.2).</summary>
internal sealed record PollBody
{
    /// <summary>The largest number of SETs to return, 0 to 100; 100 when missing or larger. With 0 none are returned.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxEvents { get; init; }

    /// <summary>Whether the response is sent at once. Otherwise it waits up to 30 seconds for a SET.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ReturnImmediately { get; init; }

    /// <summary>The <c>jti</c>s of the SETs that the receiver has accepted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Ack { get; init; }

    /// <summary>The <c>jti</c>s of the SETs that the receiver refuses, each with a reason.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, SetErrorBody>? SetErrs { get; init; }
}

/// <param name="Sets">Signed SETs, by their <c>jti</c>.</param>
/// <param name="MoreAvailable">Whether more SETs are waiting.</param>
internal sealed record PollResponse(IReadOnlyDictionary<string, string> Sets, bool MoreAvailable);

/// <summary>An error in the format of RFC 8935, section 2.3.</summary>
internal sealed record SignalErrorBody(string Err, string Description, string TraceId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StreamRequest))]
[JsonSerializable(typeof(StreamResponse))]
[JsonSerializable(typeof(StreamResponse[]))]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(VerifyRequest))]
[JsonSerializable(typeof(PollBody))]
[JsonSerializable(typeof(PollResponse))]
[JsonSerializable(typeof(SignalMetadata))]
[JsonSerializable(typeof(SignalErrorBody))]
internal sealed partial class SignalJson : JsonSerializerContext;
