using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions.Revoking;

namespace AuthService.SignIn.Recovery;

/// <summary>
/// Revokes all sessions of accounts, and then voids the address changes that wait for confirmation. A session that signs out leaves such a change good, so an
/// attacker could otherwise sign out and confirm it later.
/// </summary>
internal sealed class AccountRevocation(SessionRevocation sessions, AddressConfirmationStore confirmations)
{
    /// <summary>Revokes every session that concerns the principal, including delegated and impersonated ones.</summary>
    public async Task<int> RevokeAllAsync(Principal principal, EndReason reason, AuditActor by)
    {
        var revoked = await sessions.RevokeAllAsync(principal, reason, by);
        await confirmations.VoidAsync(principal.Number);
        return revoked;
    }

    /// <summary>Revokes all of the principal's own sessions; delegated ones stay.</summary>
    public async Task<int> RevokeOwnAsync(Principal principal, EndReason reason, AuditActor by)
    {
        var revoked = await sessions.RevokeOwnAsync(principal, reason, by);
        await confirmations.VoidAsync(principal.Number);
        return revoked;
    }

    /// <summary>Revokes every session that concerns the principal except one, whose address change stays too.</summary>
    public async Task<int> RevokeOthersAsync(Principal principal, Guid current, EndReason reason, AuditActor by)
    {
        var revoked = await sessions.RevokeOthersAsync(principal, current, reason, by);
        await confirmations.VoidOthersAsync(principal.Number, current);
        return revoked;
    }

    /// <summary>Revokes all sessions of all principals.</summary>
    public async Task<int> RevokeEveryonesAsync(AuditActor by)
    {
        var revoked = await sessions.RevokeEveryonesAsync(by);
        await confirmations.VoidEveryonesAsync();
        return revoked;
    }
}
