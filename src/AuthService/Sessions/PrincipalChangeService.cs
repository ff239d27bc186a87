using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace AuthService.Sessions;

/// <summary>
/// Changes to a principal. Those after which earlier sign-ins must not count raise its security stamp and end its
/// sessions, with the audit row, in one transaction; the raised stamp also refuses a session that is being made from
/// the old credentials at that moment. Each returns false (or null) when somebody else changed the principal's standing,
/// or deleted it, since it was read.
/// </summary>
internal sealed class PrincipalChangeService(AuthDbContext db, SessionEndings endings, ApiKeyStore apiKeys, SessionMetrics metrics, TimeProvider clock)
{
    /// <param name="principal">Whose password it is.</param>
    /// <param name="hash">Of the new password, which the policy has passed.</param>
    /// <param name="deed">Who does it.</param>
    public async Task<bool> TrySetPasswordAsync(Principal principal, string hash, Deed deed) => Counted(await ChangeAsync(
        principal, set => set.SetProperty(p => p.PasswordHash, hash).SetProperty(p => p.PasswordResetRequested, false), endsSessions: true, deed, AuditEvents.PasswordSet));

    /// <summary>Gives a service or provider a new standing credential; the old one and its access tokens are dead.</summary>
    public async Task<RefreshToken?> TryRenewRefreshTokenAsync(Principal principal, Deed deed)
    {
        var token = RefreshToken.New();
        var hash = token.Hash();
        var ended = await ChangeAsync(principal, set => set.SetProperty(p => p.RefreshTokenHash, hash), endsSessions: true, deed, AuditEvents.RefreshTokenRenewed);
        return Counted(ended) ? token : null;
    }

    /// <summary>The id stays taken, so that nobody else is ever mistaken for the one who had it.</summary>
    public async Task<bool> TryDeleteAsync(Principal principal, Deed deed) => Counted(await StoreTransaction.RunAsync(db, async transaction =>
    {
        var ended = await ChangeAsync(
            principal,
            set => set.SetProperty(p => p.State, PrincipalState.Deleted)
                .SetProperty(p => p.PasswordHash, (string?)null).SetProperty(p => p.RefreshTokenHash, (byte[]?)null),
            endsSessions: true,
            deed,
            AuditEvents.PrincipalDeleted);
        if (ended is not null)
            await apiKeys.DeleteAllAsync(principal);
        await transaction.CommitAsync();
        return ended;
    }));

    /// <summary>Sets what the change names and leaves the rest.</summary>
    public async Task<bool> TryApplyAsync(Principal principal, PrincipalChange change, Deed deed)
    {
        if (change.IsEmpty)
            return true;
        var endsSessions = change.PasswordHash is not null
            || (change.Role is { } role && role != principal.Role) || (change.State is { } state && state != principal.State);
        return Counted(await StoreTransaction.RunAsync(db, async transaction =>
        {
            var ended = await ChangeAsync(principal, set => Apply(set, change, principal), endsSessions, deed, AuditEvents.PrincipalChanged, detail: change.Describe());
            if (ended is null)
                return ended;
            if (change.CanImpersonate is false)
                ended += await endings.EndImpersonationsWithinAsync(principal);
            if (change.State is PrincipalState.Disabled)
                await apiKeys.DeleteAllAsync(principal);
            await transaction.CommitAsync();
            return ended;
        }));
    }

    private static void Apply(UpdateSettersBuilder<Principal> set, PrincipalChange change, Principal before)
    {
        set.SetProperty(p => p.SearchText, change.SearchText(before.FoldedId, before));
        if (change.PasswordHash is { } hash)
            set.SetProperty(p => p.PasswordHash, hash);
        if (change.Role is { } role)
            set.SetProperty(p => p.Role, role);
        if (change.State is { } state)
            set.SetProperty(p => p.State, state);
        if (change.State is PrincipalState.Disabled)
            set.SetProperty(p => p.RefreshTokenHash, (byte[]?)null);
        if (change.FirstNames.IsGiven)
            set.SetProperty(p => p.FirstNames, change.FirstNames.Value);
        if (change.LastName.IsGiven)
            set.SetProperty(p => p.LastName, change.LastName.Value);
        if (change.Email.IsGiven)
            set.SetProperty(p => p.Email, change.Email.Value);
        if (change.OrgId.IsGiven)
            set.SetProperty(p => p.OrgId, change.OrgId.Value);
        if (change.Locale.IsGiven)
            set.SetProperty(p => p.Locale, change.Locale.Value);
        if (change.CanImpersonate is { } canImpersonate)
            set.SetProperty(p => p.CanImpersonate, canImpersonate);
        if (change.AgreementAccepted is { } accepted)
            set.SetProperty(p => p.AgreementAccepted, accepted);
        if (change.PasswordResetRequested is { } requested)
            set.SetProperty(p => p.PasswordResetRequested, requested);
        if (change.Services.IsGiven)
            set.SetProperty(p => p.Services, change.Services.Value);
    }

    /// <returns>How many sessions ended with it; null when the principal is no longer the one that was read.</returns>
    private Task<int?> ChangeAsync(
        Principal principal, Action<UpdateSettersBuilder<Principal>> change, bool endsSessions, Deed deed, string name, string? detail = null) => StoreTransaction.RunAsync<int?>(db, async transaction =>
    {
        var unchanged = db.Set<Principal>().Where(p =>
            p.Number == principal.Number && p.SecurityStamp == principal.SecurityStamp && p.State != PrincipalState.Deleted);
        var changed = await unchanged.ExecuteUpdateAsync(set =>
        {
            change(set);
            if (endsSessions)
                set.SetProperty(p => p.SecurityStamp, p => p.SecurityStamp + 1);
        });
        if (changed == 0)
            return null;
        var ended = endsSessions ? await endings.EndAllWithinAsync(principal) : 0;
        db.Add(deed.Record(name, clock.GetUtcNow(), principal.Id, detail: detail));
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
        await transaction.CommitAsync();
        return ended;
    });

    private bool Counted(int? ended)
    {
        metrics.Ended(ended ?? 0, SessionMetrics.PrincipalChanged);
        return ended is not null;
    }
}
