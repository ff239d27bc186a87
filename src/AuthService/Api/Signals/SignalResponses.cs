using AuthService.Principals;
using AuthService.Signals;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Signals;

/// <summary>Creates the responses about streams.</summary>
internal sealed class SignalResponses(IOptionsMonitor<JwtOptions> jwt, IOptionsMonitor<PublicAddressOptions> where)
{
    public StreamResponse Create(SignalStream stream, Principal owner) => new(
        stream.Id, jwt.CurrentValue.Issuer, owner.Id, SignalEvents.Supported, stream.Requested, stream.Delivered, DeliveryOf(stream),
        (int)SignalStream.VerificationInterval.TotalSeconds, stream.Description);

    /// <summary>
    /// Returns whether a request repeats the members that this service sets without a change. Members that it does not name are not compared.
    /// </summary>
    public bool Agrees(StreamRequest request, SignalStream stream, Principal owner)
    {
        var response = Create(stream, owner);
        return (request.Iss is null || request.Iss == response.Iss)
            && (request.Aud is null || request.Aud == response.Aud)
            && AgreesOn(request.EventsSupported, response.EventsSupported)
            && AgreesOn(request.EventsDelivered, response.EventsDelivered)
            && (request.MinVerificationInterval is null || request.MinVerificationInterval == response.MinVerificationInterval);
    }

    private static bool AgreesOn(string[]? said, IReadOnlyList<string> events) => said is null || said.ToHashSet(StringComparer.Ordinal).SetEquals(events);

    private DeliveryBody DeliveryOf(SignalStream stream) => stream.IsPushed
        ? new DeliveryBody(StreamDelivery.PushMethod) { EndpointUrl = stream.EndpointUrl }
        : new DeliveryBody(StreamDelivery.PollMethod)
        {
            EndpointUrl = $"{where.CurrentValue.PublicAddress}{SignalEndpoints.Prefix}{SignalEndpoints.PollPath}/{stream.Id}",
        };
}
