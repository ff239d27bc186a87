using AuthService.Audit;
using AuthService.Refusals;
using AuthService.Sessions.AccessTokens;
using AuthService.Tokens;

namespace AuthService.Delegation;

/// <summary>Records why one-time tokens are refused, and audits requests for more scopes than the caller has.</summary>
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

    /// <summary>
    /// Records that a token had been claimed before. The <c>jti</c> is recorded only in this service's own form, because another text could be anything.
    /// </summary>
    public void NoteClaimed(string jti) => refusals.Add(new RefusalNote(RefusalReason.AlreadyClaimed)
    {
        Facts = Guid.TryParseExact(jti, "D", out var issued) ? [RefusalFact.Of("jti", issued)] : [],
    });

    /// <summary>Returns the requested scopes, shortened: anybody with a token may request as many as a request body holds.</summary>
    private static RefusalFact Requested(ScopeSet audience) => RefusalFact.Of("requested", audience.ToArray());
}
