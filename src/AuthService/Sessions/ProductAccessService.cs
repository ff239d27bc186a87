using AuthService.Audit;
using AuthService.Storage;
using Microsoft.Extensions.Options;

namespace AuthService.Sessions;

/// <summary>
/// Enables sessions for a product within the person's limit there. Exact over instances: whoever asks for the same
/// person waits until the one before has been counted.
/// </summary>
internal sealed class ProductAccessService(
    AuthDbContext db, SessionStore sessions, ProductAccessStore accesses, IOptionsMonitor<SessionOptions> options, TimeProvider clock)
{
    /// <param name="id">The session; it is never among those that lose access.</param>
    /// <param name="product">The product's name.</param>
    /// <param name="disableOldest">Rather than refuse, take access from those that have had it longest.</param>
    /// <param name="deed">Who does it.</param>
    public async Task<AccessOutcome> GrantAsync(Guid id, string product, bool disableOldest, Deed deed)
    {
        if (!options.CurrentValue.Knows(product))
            return new AccessOutcome.UnknownProduct();
        if (await sessions.FindByIdAsync(id) is not { } before)
            return new AccessOutcome.UnknownSession();

        return await StoreTransaction.RunAsync<AccessOutcome>(db, async transaction =>
        {
            await accesses.LockPersonAsync(before.Principal.Number);
            var now = clock.GetUtcNow();
            if (!await sessions.TryHoldAsync(id) || await sessions.FindByIdAsync(id) is not { } owned)
                return new AccessOutcome.UnknownSession();
            if (FindRefusal(owned, now) is { } refusal)
                return refusal;
            if (!await TryMakeRoomAsync(owned, product, disableOldest, now))
                return new AccessOutcome.LimitReached();
            await accesses.GrantAsync(id, product, now);
            db.Add(deed.Record(AuditEvents.ProductAccessGranted, now, owned.Principal.Id, sessionId: id, detail: product));
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return new AccessOutcome.Granted();
        });
    }

    private static AccessOutcome? FindRefusal(OwnedSession owned, DateTimeOffset now) => SessionRules.StateOf(owned, now) switch
    {
        SessionState.Enabled => null,
        SessionState.Expired or SessionState.Deleted => new AccessOutcome.UnknownSession(),
        _ => new AccessOutcome.NotEnabled(),
    };

    private async Task<bool> TryMakeRoomAsync(OwnedSession owned, string product, bool disableOldest, DateTimeOffset now)
    {
        var limit = owned.Principal.Services?.FirstOrDefault(grant => grant.ServiceName == product)?.MaxConcurrentAccess ?? 0;
        if (limit == 0 || owned.Session.MobileDevice)
            return true;
        var others = await accesses.ListOthersAsync(owned.Session, product, now);
        var tooMany = others.Count - limit + 1;
        if (tooMany <= 0)
            return true;
        if (!disableOldest)
            return false;
        await accesses.WithdrawAsync(others[..tooMany], product);
        return true;
    }
}
