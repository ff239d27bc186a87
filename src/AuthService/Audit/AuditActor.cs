namespace AuthService.Audit;

/// <summary>The kind of an actor. Stored as a number, so the order must not change.</summary>
internal enum AuditActorKind
{
    /// <summary>A principal, or a caller that was not authenticated and has no id.</summary>
    Principal = 0,

    /// <summary>The service itself.</summary>
    Service = 1,

    /// <summary>An operator on the command line of the machine.</summary>
    CommandLine = 2,
}

/// <summary>The actor of a request and their address, for the audit log.</summary>
/// <param name="Actor">The id of the acting principal; null when it is the principal acted upon, or acts in that principal's session, as at a sign-out.</param>
/// <param name="IpAddress">The address from which the request came; null inside the service.</param>
internal sealed record AuditActor(string? Actor, string? IpAddress)
{
    /// <summary>The actor for what the service does by itself.</summary>
    public static readonly AuditActor Service = new(Actor: null, IpAddress: null) { Kind = AuditActorKind.Service };

    /// <summary>The actor for what an operator does on the command line of the machine.</summary>
    public static readonly AuditActor CommandLine = new("(command line)", IpAddress: null) { Kind = AuditActorKind.CommandLine };

    public AuditActorKind Kind { get; private init; }

    /// <summary>The session of the access token that was sent; null without one.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The API key that was sent instead of an access token.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>
    /// The conditions that must still hold when the action is done; null when the actor was not authenticated with a credential of their own.
    /// </summary>
    public Entitlement? Entitlement { get; init; }

    /// <summary>Returns this actor with the given id where it has none. The service itself stays without one.</summary>
    public AuditActor Or(string? id) => Kind is AuditActorKind.Principal && Actor is null ? this with { Actor = id } : this;

    public AuditEntry CreateEntry(
        string name, DateTimeOffset at, string? principal, AuditOutcome outcome = AuditOutcome.Success, Guid? sessionId = null, string? detail = null) => new()
        {
            At = at,
            Event = name,
            Outcome = outcome,
            Actor = Actor ?? (Kind is AuditActorKind.Principal ? principal : null),
            ActorKind = Kind,
            ActorSessionId = SessionId,
            ActorApiKeyId = ApiKeyId,
            Principal = principal,
            SessionId = sessionId,
            IpAddress = IpAddress,
            Detail = detail,
        };
}

internal static class AuditText
{
    /// <summary>Replaces control characters in text from outside. They could forge a line of the log, and a store may refuse them.</summary>
    public static string Printable(string text) => text.Any(char.IsControl)
        ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c))
        : text;
}
