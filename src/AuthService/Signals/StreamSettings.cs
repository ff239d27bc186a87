using AuthService.Principals;

namespace AuthService.Signals;

/// <summary>How a stream hands its SETs over.</summary>
internal abstract record StreamDelivery
{
    /// <summary>RFC 8935.</summary>
    public const string PushMethod = "urn:ietf:rfc:8935";

    /// <summary>RFC 8936.</summary>
    public const string PollMethod = "urn:ietf:rfc:8936";

    private StreamDelivery()
    {
    }

    /// <param name="Endpoint">What <see cref="StreamRequirements"/> allows.</param>
    /// <param name="Authorization">The header of that name, which every push has; a secret.</param>
    internal sealed record Push(string Endpoint, string? Authorization) : StreamDelivery
    {
        public override string ToString() => $"push to {Endpoint}";
    }

    internal sealed record Poll : StreamDelivery;
}

/// <summary>What a service sets of its stream. What is not given stays as it is, or as it is at first.</summary>
internal sealed record StreamChange
{
    /// <summary>The URIs of events; null: all that there are.</summary>
    public Optional<IReadOnlyList<string>> Events { get; init; }

    public Optional<string> Description { get; init; }

    public Optional<StreamDelivery> Delivery { get; init; }

    /// <summary>What else the request says of the stream must be so.</summary>
    public Func<SignalStream, bool> Matches { get; init; } = _ => true;
}

/// <summary>What became of a call about a stream.</summary>
internal abstract record StreamOutcome
{
    private StreamOutcome()
    {
    }

    internal sealed record Done(SignalStream Stream) : StreamOutcome;

    /// <summary>The service has no such stream.</summary>
    internal sealed record Unknown : StreamOutcome;

    /// <summary>It has as many as it may.</summary>
    internal sealed record TooMany : StreamOutcome;

    /// <summary>No published key signs, so no receiver could check anything.</summary>
    internal sealed record NotSigned : StreamOutcome;

    /// <summary>There is no key to seal the authorization header with.</summary>
    internal sealed record NotSealed : StreamOutcome;

    /// <param name="Words">What the address of the receiver must be.</param>
    internal sealed record BadAddress(string Words) : StreamOutcome;

    /// <summary>The address of the receiver leads to what is not the public internet.</summary>
    internal sealed record AddressNotAllowed : StreamOutcome;

    /// <summary>What the request says of the stream is not so.</summary>
    internal sealed record Mismatch : StreamOutcome;

    /// <summary>Nothing is sent over a disabled stream.</summary>
    internal sealed record IsDisabled : StreamOutcome;

    /// <summary>A verification event was asked for a moment ago.</summary>
    internal sealed record TooSoon : StreamOutcome;
}
