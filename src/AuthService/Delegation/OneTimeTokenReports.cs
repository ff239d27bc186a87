using AuthService.Audit;
using AuthService.Refusals;
using AuthService.Sessions.AccessTokens;
using AuthService.Tokens;

namespace AuthService.Delegation;

/// <summary>Says why one-time tokens are refused, and puts on record who asked for more than they hold.</summary>
internal sealed class OneTimeTokenReports(AuditLog audit, RefusalNotes refusals)
{
    public Task RecordRefusedAsync(RefusalReason reason, VerifiedToken bearer, ScopeSet audience, AuditActor by) => audit.WriteAsync(
        by, AuditEvents.OneTimeTokenIssued, bearer.Principal.Id, bearer.Session?.Id, $"{reason}: {Requested(audience).Value}", AuditOutcome.Refused);

    public void NoteRefused(RefusalReason reason, VerifiedToken bearer, ScopeSet audience) => refusals.Add(new RefusalNote(reason)
    {
        Principal = bearer.Principal.Id,
        SessionId = bearer.Session?.Id,
        Facts = [Requested(audience), RefusalFact.Of("held", bearer.Token.Scopes)],
    });

    /// <summary>What is no <c>jti</c> of this service could be anything.</summary>
    public void NoteClaimed(string jti) => refusals.Add(new RefusalNote(RefusalReason.AlreadyClaimed)
    {
        Facts = Guid.TryParseExact(jti, "D", out var issued) ? [RefusalFact.Of("jti", issued)] : [],
    });

    /// <summary>Cut: anybody with a token may ask for as much as a body holds.</summary>
    private static RefusalFact Requested(ScopeSet audience) => RefusalFact.Of("requested", audience.ToArray());
}
