using AuthService.Audit;
using AuthService.Principals;

namespace AuthService.Sessions;

/// <summary>The data for the start of an impersonation.</summary>
/// <param name="Owned">The session as it was read.</param>
/// <param name="Target">The person to impersonate.</param>
/// <param name="Service">The id of the service that impersonates on the administrator's behalf; null when the administrator does it directly.</param>
internal sealed record ImpersonationStart(SessionWithPrincipals Owned, Principal Target, string? Service)
{
    public required AuditDraft Entry { get; init; }

    /// <summary>Notifies the person, in the same transaction.</summary>
    public required Func<Task> Tell { get; init; }
}
