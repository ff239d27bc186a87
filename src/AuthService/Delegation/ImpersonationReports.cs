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

    public ImpersonationOutcome Report(Guid session, RefusalReason? refusal)
    {
        if (refusal is not { } reason)
            return new ImpersonationOutcome.Changed();
        refusals.Add(reason, sessionId: session);
        return new ImpersonationOutcome.Refused(reason);
    }
}
