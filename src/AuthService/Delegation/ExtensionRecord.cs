using AuthService.Audit;
using AuthService.Sessions;

namespace AuthService.Delegation;

/// <summary>What is kept of extensions: an audit row for a token without a session of its own, and a count of every outcome.</summary>
internal sealed class ExtensionRecord(AuditLog audit, DelegationMetrics metrics)
{
    public Task WriteAsync(ExtensionRequest request, VerifiedToken source, Deed deed) =>
        audit.WriteAsync(deed, AuditEvents.TokenExtended, source.Principal.Id, source.Session?.Id, string.Join(' ', request.Scopes.ToArray()));

    public void Count(ExtensionOutcome outcome) => metrics.Extended(outcome);
}
