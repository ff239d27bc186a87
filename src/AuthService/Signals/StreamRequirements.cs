using AuthService.Tokens;
using AuthService.Webhooks;

namespace AuthService.Signals;

/// <summary>What a stream needs so that its receiver can be handed something, and can check it.</summary>
internal sealed class StreamRequirements(SignalStreamStore streams, SecurityEventTokenWriter tokens, WebhookAddresses addresses)
{
    /// <returns>What is missing; null when nothing is.</returns>
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
