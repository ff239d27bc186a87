using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;

namespace AuthService.Delegation;

/// <summary>Records refused impersonations.</summary>
internal sealed class ImpersonationReports(PrincipalStore principals, AuditLog audit, RefusalNotes refusals)
{
    public async Task ReportRefusedAsync(Guid session, Guid userUuid, string detail, AuditActor by)
    {
        var user = await principals.FindPersonAsync(userUuid);
        await audit.WriteAsync(by, AuditEvents.ImpersonationBegun, user?.Id, session, detail, AuditOutcome.Refused);
    }

    public void Note(Guid session, RefusalReason reason) => refusals.Add(reason, sessionId: session);
}
