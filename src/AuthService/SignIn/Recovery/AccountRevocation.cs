using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;

namespace AuthService.SignIn.Recovery;

/// <summary>
/// Revokes all sessions of accounts, and first voids the address changes that wait for confirmation. Sessions that end with a reason of their own leave such a
/// change good, so an attacker could otherwise sign out and confirm it later.
/// </summary>
internal sealed class AccountRevocation(SessionRevocation sessions, AddressConfirmationStore confirmations)
{
    /// <summary>Revokes every session that concerns the principal, including delegated and impersonated ones.</summary>
    public async Task<int> RevokeAllAsync(Principal principal, EndReason reason, AuditActor by)
    {
        await confirmations.VoidAsync(principal.Number);
        return await sessions.RevokeAllAsync(principal, reason, by);
    }

    /// <summary>Revokes every session that concerns the principal except one, whose address change stays too.</summary>
    public async Task<int> RevokeOthersAsync(Principal principal, Guid current, EndReason reason, AuditActor by)
    {
        await confirmations.VoidOthersAsync(principal.Number, current);
        return await sessions.RevokeOthersAsync(principal, current, reason, by);
    }

    /// <summary>Revokes all sessions of all principals.</summary>
    public async Task<int> RevokeEveryonesAsync(AuditActor by)
    {
        await confirmations.VoidEveryonesAsync();
        return await sessions.RevokeEveryonesAsync(by);
    }
}
