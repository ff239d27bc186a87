using AuthService.Audit;

namespace AuthService.Api.Admin;

/// <summary>One audit entry.</summary>
/// <param name="Number">In the order of writing.</param>
/// <param name="At">When it was done.</param>
/// <param name="Event">What was done.</param>
/// <param name="Outcome">success or refused.</param>
/// <param name="Actor">The id of the principal who did it; null when nobody was signed in.</param>
/// <param name="ActorKind">principal, service (AuthService by itself) or command_line; null when nobody was signed in.</param>
/// <param name="ActorSessionId">The session of the access token that the actor showed.</param>
/// <param name="ActorApiKeyId">The API key that the actor showed.</param>
/// <param name="Principal">The id of the principal to whom it was done.</param>
/// <param name="SessionId">The session that it is about.</param>
/// <param name="IpAddress">Where the call came from; null inside the service.</param>
/// <param name="Detail">What else there is to know, in words.</param>
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

/// <param name="Items">The newest first.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the page after this one; null on the last page.</param>
internal sealed record AuditPageResponse(IReadOnlyList<AuditEventResponse> Items, string? NextCursor);
