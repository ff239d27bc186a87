using AuthService.Audit;

namespace AuthService.Api.Admin;

/// <summary>One audit entry.</summary>
/// <param name="Number">The entry's number. Numbers increase in the order of writing.</param>
/// <param name="At">When the event happened.</param>
/// <param name="Event">The name of the event, such as session_revoked.</param>
/// <param name="Outcome">success or refused.</param>
/// <param name="Actor">The id of the principal who acted; null when nobody was signed in, for AuthService itself, and for the command line.</param>
/// <param name="ActorKind">principal, service (AuthService itself) or command_line; null when nobody was signed in.</param>
/// <param name="ActorSessionId">The session of the access token that the actor called with; null without one.</param>
/// <param name="ActorApiKeyId">The API key that the actor called with; null without one.</param>
/// <param name="Principal">The id of the affected principal; null when there is none.</param>
/// <param name="SessionId">The affected session; null when there is none.</param>
/// <param name="IpAddress">The IP address that the call came from; null when the service acted without a call.</param>
/// <param name="Detail">More about the event, in words; null when there is no more.</param>
internal sealed record AuditEventResponse(
    long Number,
    DateTimeOffset At,
    string Event,
    string Outcome,
    string? Actor,
    string? ActorKind,
    Guid? ActorSessionId,
    Guid? ActorApiKeyId,
    string? Principal,
    Guid? SessionId,
    string? IpAddress,
    string? Detail)
{
    public static AuditEventResponse Of(AuditEntry e) => new(
        e.Number,
        e.At,
        e.Event,
        e.Outcome is AuditOutcome.Success ? "success" : "refused",
        e.Actor,
        KindOf(e),
        e.ActorSessionId,
        e.ActorApiKeyId,
        e.Principal,
        e.SessionId,
        e.IpAddress,
        e.Detail);

    private static string? KindOf(AuditEntry e) => e.ActorKind switch
    {
        AuditActorKind.Service => "service",
        AuditActorKind.CommandLine => "command_line",
        _ => e.Actor is null ? null : "principal",
    };
}

/// <param name="Items">The entries of this page, newest first.</param>
/// <param name="NextCursor">The value to send as <c>cursor</c> to get the next page; null on the last page.</param>
internal sealed record AuditPageResponse(IReadOnlyList<AuditEventResponse> Items, string? NextCursor);
