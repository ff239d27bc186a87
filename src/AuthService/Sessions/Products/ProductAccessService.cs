using AuthService.Audit;
using AuthService.Refusals;
using AuthService.Sessions.Rules;
using Microsoft.Extensions.Options;

namespace AuthService.Sessions.Products;

internal abstract record AccessOutcome
{
    private AccessOutcome()
    {
    }

    internal sealed record Granted : AccessOutcome;

    internal sealed record Refused(RefusalReason Reason) : AccessOutcome;
}

/// <summary>
/// Enables sessions for a product within the person's limit for it. The count is exact across instances: requests for the same person wait for each other.
/// </summary>
internal sealed class ProductAccessService(
    SessionStore sessions, ProductAccessStore accesses, AuditLog audit, IOptionsMonitor<SessionOptions> options, RefusalNotes refusals)
{
    /// <param name="id">The id of the session. It is never among those that lose access.</param>
    /// <param name="product">The product's name.</param>
    /// <param name="disableOldest">Whether to remove access from the sessions that have had it longest, instead of refusing.</param>
    /// <param name="by">The audit actor.</param>
    public async Task<AccessOutcome> GrantAsync(Guid id, string product, bool disableOldest, AuditActor by)
    {
        var refusal = await DecideAsync(id, product, disableOldest, by);
        while (refusal is { Reason: RefusalReason.SessionChanged })
            refusal = await DecideAsync(id, product, disableOldest, by);
        if (refusal is null)
            return new AccessOutcome.Granted();
        if (refusal.Reason is not (RefusalReason.UnknownProduct or RefusalReason.UnknownSession))
        {
            await audit.WriteAsync(
                by, AuditEvents.ProductAccessGranted, refusal.Principal, refusal.SessionId, $"{refusal.Reason}: {product}", AuditOutcome.Refused);
        }

        refusals.Add(refusal);
        return new AccessOutcome.Refused(refusal.Reason);
    }

    /// <returns>Null when access was granted.</returns>
    private async Task<RefusalNote?> DecideAsync(Guid id, string product, bool disableOldest, AuditActor by)
    {
        if (!options.CurrentValue.Knows(product))
            return new RefusalNote(RefusalReason.UnknownProduct) { SessionId = id };
        if (await sessions.FindByIdAsync(id) is not { } before)
            return new RefusalNote(RefusalReason.UnknownSession) { SessionId = id };

        return await accesses.WhileCountingAsync<RefusalNote?>(before.Principal.Number, by, async now =>
        {
            if (!await sessions.TryHoldIdentityAsync(id) || await sessions.FindByIdAsync(id) is not { } owned)
                return SessionRefusals.Of(RefusalReason.UnknownSession, before);
            if (owned.Principal.Number != before.Principal.Number)
                return SessionRefusals.Of(RefusalReason.SessionChanged, owned); // the sessions of another person would have to be counted
            if (SessionRules.FindRefusal(owned, now) is { } reason)
                return SessionRefusals.Of(reason, owned);
            if (!await TryFreePlaceAsync(owned, product, disableOldest, CreateWithdrawal, now))
                return SessionRefusals.Of(RefusalReason.LimitReached, owned) with { Facts = FactsOf(owned, product) };
            await accesses.GrantAsync(
                id, product, now, by.CreateEntry(AuditEvents.ProductAccessGranted, now, owned.Principal.Id, sessionId: id, detail: product));
            return null;

            AuditEntry CreateWithdrawal(Guid withdrawn) =>
                by.CreateEntry(AuditEvents.ProductAccessWithdrawn, now, owned.Principal.Id, sessionId: withdrawn, detail: product);
        });
    }

    private static RefusalFact[] FactsOf(SessionWithPrincipals owned, string product) =>
        [RefusalFact.Of("product", product), RefusalFact.Of("limit", LimitOf(owned, product))];

    /// <returns>The limit of the person for the product; zero when there is none.</returns>
    private static int LimitOf(SessionWithPrincipals owned, string product) =>
        owned.Principal.Services?.FirstOrDefault(grant => grant.ServiceName == product)?.MaxConcurrentAccess ?? 0;

    private async Task<bool> TryFreePlaceAsync(
        SessionWithPrincipals owned, string product, bool disableOldest, Func<Guid, AuditEntry> withdrawal, DateTimeOffset now)
    {
        var limit = LimitOf(owned, product);
        if (limit == 0 || owned.Session.MobileDevice)
            return true;
        await accesses.DeleteInactiveAsync(owned.Session, product, now);
        var others = await accesses.ListOthersAsync(owned.Session, product, now);
        var tooMany = others.Count - limit + 1;
        if (tooMany <= 0)
            return true;
        if (!disableOldest)
            return false;
        await accesses.WithdrawAsync(others[..tooMany], product, withdrawal);
        return true;
    }
}
