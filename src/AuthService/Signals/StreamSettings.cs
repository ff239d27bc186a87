using AuthService.Principals;

namespace AuthService.Signals;

/// <summary>The delivery method of a stream.</summary>
internal abstract record StreamDelivery
{
    /// <summary>Push (RFC 8935).</summary>
    public const string PushMethod = "urn:ietf:rfc:8935";

    /// <summary>Poll (RFC 8936).</summary>
    public const string PollMethod = "urn:ietf:rfc:8936";

    private StreamDelivery()
    {
    }

    /// <param name="Endpoint">The address of the receiver, which <see cref="StreamRequirements"/> has checked.</param>
    /// <param name="Authorization">The <c>Authorization</c> header of every push; a secret. Null for none.</param>
    internal sealed record Push(string Endpoint, string? Authorization) : StreamDelivery
    {
        public override string ToString() => $"push to {Endpoint}";
    }

    internal sealed record Poll : StreamDelivery;
}

/// <summary>A service's settings for its stream. A setting that is not given stays as it is; a new stream gets the default.</summary>
internal sealed record StreamChange
{
    /// <summary>The URIs of the events; null for all.</summary>
    public Optional<IReadOnlyList<string>> Events { get; init; }

    public Optional<string> Description { get; init; }

    public Optional<StreamDelivery> Delivery { get; init; }

    /// <summary>Checks whether the read-only values in the request match the stream.</summary>
    public Func<SignalStream, bool> Matches { get; init; } = _ => true;
}

/// <summary>The result of a request about a stream.</summary>
internal abstract record StreamOutcome
{
    private StreamOutcome()
    {
    }

    internal sealed record Done(SignalStream Stream) : StreamOutcome;

    /// <summary>The service has no such stream.</summary>
    internal sealed record Unknown : StreamOutcome;

    /// <summary>The service has the maximum number of streams.</summary>
    internal sealed record TooMany : StreamOutcome;

    /// <summary>There is no published signing key, so receivers could not verify anything.</summary>
    internal sealed record NotSigned : StreamOutcome;

    /// <summary>There is no encryption key for the authorization header.</summary>
    internal sealed record NotSealed : StreamOutcome;

    /// <param name="Words">The requirement that the address of the receiver violates.</param>
    internal sealed record BadAddress(string Words) : StreamOutcome;

    /// <summary>The address of the receiver leads outside the public internet and the allowed networks.</summary>
    internal sealed record AddressNotAllowed : StreamOutcome;

    /// <summary>The read-only values in the request do not match the stream.</summary>
    internal sealed record Mismatch : StreamOutcome;

    /// <summary>The stream is disabled, so nothing is sent over it.</summary>
    internal sealed record IsDisabled : StreamOutcome;

    /// <summary>A verification event was requested too short a time ago.</summary>
    internal sealed record TooSoon : StreamOutcome;
}
