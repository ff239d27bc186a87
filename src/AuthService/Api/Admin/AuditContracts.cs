using AuthService.Audit;

namespace AuthService.Api.Admin;

/// <summary>One deed on record.</summary>
/// <param name="Number">In the order of writing.</param>
/// <param name="At">When it was done.</param>
/// <param name="Event">What was done.</param>
/// <param name="Outcome">success or refused.</param>
/// <param name="Actor">The id of the principal who did it; null when nobody was signed in.</param>
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
    string? Principal,
    Guid? SessionId,
    string? IpAddress,
    string? Detail)
{
    public static AuditEventResponse Of(AuditEvent e) => new(
        e.Number, e.At, e.Event, e.Outcome is AuditOutcome.Success ? "success" : "refused", e.Actor, e.Principal, e.SessionId, e.IpAddress, e.Detail);
}

/// <param name="Items">The newest first.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the page after this one; null on the last page.</param>
internal sealed record AuditPageResponse(IReadOnlyList<AuditEventResponse> Items, string? NextCursor);
