using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.SignIn.SecondFactors;

namespace AuthService.SignIn.Passkeys;

/// <summary>People remove their own passkeys.</summary>
internal sealed class PasskeyRemoval(PasskeyStore passkeys, WaysToSignIn ways)
{
    /// <summary>Sessions stay, as when an authenticator app is removed.</summary>
    public Task<WayRemoval> RemoveAsync(Principal person, Guid id, AuditActor by) => ways.RemoveAsync(
        person,
        id,
        find: async () => (await passkeys.ListAsync(person.Number)).Exists(passkey => passkey.Id == id)
            ? new FactorChange(AuditEvents.PasskeyRemoved, FactorNotices.PasskeyRemoved) { Detail = $"{id}" }
            : null,
        remove: _ => passkeys.TryRemoveAsync(person.Number, id),
        by);
}
