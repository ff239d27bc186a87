namespace AuthService.Audit;

/// <summary>Stored as a number; the order must not change.</summary>
internal enum AuditActorKind
{
    /// <summary>Somebody with an id; or nobody, when there is none.</summary>
    Principal = 0,

    /// <summary>The service itself.</summary>
    Service = 1,

    /// <summary>An operator with a command on the machine.</summary>
    CommandLine = 2,
}

/// <summary>Who is acting and from where, for the record of what they are about to do.</summary>
/// <param name="Actor">The id of the principal who acts; null when it is the one acted upon, or acts in their session, as at a sign-out.</param>
/// <param name="IpAddress">Where the call came from; null inside the service.</param>
internal sealed record AuditActor(string? Actor, string? IpAddress)
{
    /// <summary>What the service does by itself.</summary>
    public static readonly AuditActor Service = new(Actor: null, IpAddress: null) { Kind = AuditActorKind.Service };

    /// <summary>What an operator does with a command on the machine itself.</summary>
    public static readonly AuditActor CommandLine = new("(command line)", IpAddress: null) { Kind = AuditActorKind.CommandLine };

    public AuditActorKind Kind { get; private init; }

    /// <summary>The session whose access token was shown, if it has one.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The API key that was shown instead of an access token.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>What must still hold of the one who acts when it is done; null when that is nobody who was authenticated by a credential of theirs.</summary>
    public Entitlement? Entitlement { get; init; }

    /// <summary>The same, with the id of whoever acts where it names nobody. The service itself stays without one.</summary>
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
    /// <summary>Text from outside, fit for the record: without control characters, which could forge a line or which a store refuses.</summary>
    public static string Printable(string text) => text.Any(char.IsControl)
        ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c))
        : text;
}
