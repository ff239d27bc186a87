using AuthService.Tokens;
using AuthService.Webhooks;

namespace AuthService.Signals;

/// <summary>Checks the requirements that a stream must meet so that SETs can be delivered and its receiver can verify them.</summary>
internal sealed class StreamRequirements(SignalStreamStore streams, SecurityEventTokenWriter tokens, WebhookAddresses addresses)
{
    /// <returns>The requirement that is not met; null when all are.</returns>
    public async Task<StreamOutcome?> FindFaultOfNewAsync(StreamChange change) =>
        tokens.CanWrite ? await FindFaultAsync(change) : new StreamOutcome.NotSigned();

    /// <inheritdoc cref="FindFaultOfNewAsync"/>
    public async Task<StreamOutcome?> FindFaultAsync(StreamChange change)
    {
        if (change.Delivery.Value is not StreamDelivery.Push push)
            return null;
        if (addresses.FindFault(push.Endpoint) is { } words)
            return new StreamOutcome.BadAddress(words);
        if (!await addresses.MayLeadToAsync(new Uri(push.Endpoint)))
            return new StreamOutcome.AddressNotAllowed();
        return push.Authorization is null || streams.CanSeal ? null : new StreamOutcome.NotSealed();
    }
}
