using AuthService.Storage;

namespace AuthService.Audit;

/// <summary>Writes the entries of what changes nothing else in the store; every change writes its entry with itself.</summary>
internal sealed class AuditLog(Store store, TimeProvider clock)
{
    public Task WriteAsync(
        AuditActor by, string name, string? principal, Guid? sessionId = null, string? detail = null, AuditOutcome outcome = AuditOutcome.Success) =>
        store.InsertAsync(by.CreateEntry(name, clock.GetUtcNow(), principal, outcome, sessionId, detail));
}
