using System.Text.Json.Serialization;
using AuthService.Signals;

namespace AuthService.Api.Signals;

/// <summary>How SETs are handed over (SSF 1.0, section 6.1).</summary>
/// <param name="Method">urn:ietf:rfc:8935 (push) or urn:ietf:rfc:8936 (poll).</param>
internal sealed record DeliveryBody(string? Method)
{
    /// <summary>Where SETs are pushed to, an address of the receiver, or polled from, one of this service.</summary>
    [JsonPropertyName("endpoint_url")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EndpointUrl { get; init; }

    /// <summary>The Authorization header of each push. It is never shown again.</summary>
    [JsonPropertyName("authorization_header")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AuthorizationHeader { get; init; }

    public override string ToString() => $"{Method} {EndpointUrl}";
}

/// <summary>What a receiver says of a stream (SSF 1.0, section 8.1.1). What this service sets may be said again, as it is.</summary>
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
/// <param name="Iss">The issuer of its SETs.</param>
/// <param name="Aud">The id of the service to which it belongs.</param>
/// <param name="EventsSupported">Every type that there is.</param>
/// <param name="EventsRequested">As the receiver asked; absent for all.</param>
/// <param name="EventsDelivered">The types that go over it.</param>
/// <param name="Delivery">Without the authorization header.</param>
/// <param name="MinVerificationInterval">In seconds.</param>
/// <param name="Description">The receiver's own.</param>
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
/// <param name="Reason">Why it is so, in at most 250 characters.</param>
internal sealed record StatusBody(
    [property: JsonPropertyName("stream_id")] string? StreamId,
    string? Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
{
    public static StatusBody Of(SignalStream stream) => new(stream.Id.ToString(), stream.Status.ToString().ToLowerInvariant(), stream.Reason);
}

/// <param name="StreamId">The stream's id.</param>
/// <param name="State">Stands in the verification event.</param>
internal sealed record VerifyRequest(
    [property: JsonPropertyName("stream_id")] string? StreamId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? State);

/// <summary>Why a receiver will not have a SET (RFC 8935, section 2.4).</summary>
internal sealed record SetErrorBody(string? Err, string? Description);

/// <summary>A poll (RFC 8936, section 2.2).</summary>
internal sealed record PollBody
{
    /// <summary>How many SETs at most, 0 for none; 100 when it is missing, and never more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxEvents { get; init; }

    /// <summary>Otherwise an answer waits up to 30 seconds for a SET.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ReturnImmediately { get; init; }

    /// <summary>The <c>jti</c>s of SETs that the receiver has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Ack { get; init; }

    /// <summary>The <c>jti</c>s of SETs that it will not have, and why.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, SetErrorBody>? SetErrs { get; init; }
}

/// <param name="Sets">Signed SETs by their <c>jti</c>.</param>
/// <param name="MoreAvailable">Whether others wait.</param>
internal sealed record PollResponse(IReadOnlyDictionary<string, string> Sets, bool MoreAvailable);

/// <summary>As RFC 8935, section 2.3, has it.</summary>
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
