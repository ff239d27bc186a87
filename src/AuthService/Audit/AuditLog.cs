using AuthService.Storage;

namespace AuthService.Audit;

/// <summary>Writes the deeds that change nothing else in the store; all others write their row with the change.</summary>
internal sealed class AuditLog(AuthDbContext db, TimeProvider clock)
{
    public async Task WriteAsync(Deed deed, string name, string? principal, Guid? sessionId = null, string? detail = null)
    {
        db.Add(deed.Record(name, clock.GetUtcNow(), principal, sessionId: sessionId, detail: detail));
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
    }
}
