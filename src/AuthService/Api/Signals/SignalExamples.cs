using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;
using AuthService.Signals;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Signals;

/// <summary>The examples in the OpenAPI document of shared signals.</summary>
internal static class SignalExamples
{
    private const string Issuer = "https://auth.example.com";

    private static readonly Guid StreamId = new("019b2c61-40aa-7b1e-8e53-90d1f0a7c2e4");
    private static readonly string[] Events = [SignalEvents.SessionRevoked, SignalEvents.AccountDisabled];

    private static readonly DeliveryBody Pushed = new(StreamDelivery.PushMethod) { EndpointUrl = "https://files.example.com/events" };

    private static readonly StreamRequest Push = new()
    {
        Delivery = Pushed with { AuthorizationHeader = "Bearer 7Xq0PzV9" },
        EventsRequested = Events,
        Description = "Sign-outs for files",
    };

    private static readonly StreamResponse Stream = new(
        StreamId, Issuer, ServiceId, SignalEvents.Supported, Events, Events, Pushed,
        (int)SignalStream.VerificationInterval.TotalSeconds, "Sign-outs for files");

    private static readonly StatusBody Paused = new($"{StreamId}", "paused", "Moving to another machine");

    public static readonly OperationExamples Metadata = new() { Answers = { ["As configured"] = SignalMetadata.For(Issuer, Issuer) } };

    public static readonly OperationExamples Create = new()
    {
        Requests = { ["By push"] = Push, ["By poll, of everything"] = new StreamRequest { Delivery = new DeliveryBody(StreamDelivery.PollMethod) } },
        Answers = { ["By push"] = Stream },
        Refusals =
        [
            StreamInput.BadEvents, StreamInput.BadDescription, StreamInput.BadMethod, StreamInput.NoAddress, StreamInput.BadHeader,
            SignalErrors.BadAddress("an https address"), SignalErrors.AddressNotAllowed, SignalErrors.TooManyStreams, SignalErrors.NotSigned,
            UnavailableError.EncryptionKeyMissing,
        ],
    };

    public static readonly OperationExamples Get = new()
    {
        Answers = { ["All of the service"] = new[] { Stream }, ["The one of stream_id"] = Stream },
        Refusals = [SignalErrors.UnknownStream],
    };

    public static readonly OperationExamples Change = new()
    {
        Requests = { ["Other events"] = new StreamRequest { StreamId = $"{StreamId}", EventsRequested = Events } },
        Answers = { ["As it is now"] = Stream },
        Refusals =
        [
            StreamInput.NoId, StreamInput.BadEvents, StreamInput.BadDescription, StreamInput.BadMethod, StreamInput.NoAddress, StreamInput.BadHeader,
            SignalErrors.BadAddress("an https address"), SignalErrors.AddressNotAllowed, SignalErrors.Mismatch, SignalErrors.UnknownStream,
            UnavailableError.EncryptionKeyMissing,
        ],
    };

    public static readonly OperationExamples Replace = new()
    {
        Requests = { ["The whole stream"] = Push with { StreamId = $"{StreamId}" } },
        Answers = { ["As it is now"] = Stream },
        Refusals = Change.Refusals,
    };

    public static readonly OperationExamples Delete = new() { Refusals = [StreamIdReader.Missing, SignalErrors.UnknownStream] };

    public static readonly OperationExamples GetStatus = new()
    {
        Answers = { ["Paused"] = Paused },
        Refusals = [StreamIdReader.Missing, SignalErrors.UnknownStream],
    };

    public static readonly OperationExamples SetStatus = new()
    {
        Requests = { ["Pause"] = Paused },
        Answers = { ["Paused"] = Paused },
        Refusals = [StreamInput.NoId, StatusReader.BadStatus, StatusReader.BadReason, SignalErrors.UnknownStream],
    };

    public static readonly OperationExamples Verify = new()
    {
        Requests = { ["With a state"] = new VerifyRequest($"{StreamId}", "VGhpcyBpcyBhIHN0YXRl") },
        Refusals = [StreamInput.NoId, VerificationReader.BadState, SignalErrors.IsDisabled, SignalErrors.TooSoon, SignalErrors.UnknownStream],
    };

    public static readonly OperationExamples Poll = new()
    {
        Requests =
        {
            ["The first time"] = new PollBody { MaxEvents = 10, ReturnImmediately = true },
            ["Acknowledges one"] = new PollBody { Ack = [$"{OtherUuid}"], ReturnImmediately = true },
        },
        Answers =
        {
            ["One SET"] = new PollResponse(new Dictionary<string, string>(StringComparer.Ordinal) { [$"{OtherUuid}"] = AccessToken }, MoreAvailable: false),
        },
        Refusals = [PollReader.BadLimit, PollReader.TooMany, SignalErrors.UnknownStream, SignalErrors.NotSigned],
    };
}
