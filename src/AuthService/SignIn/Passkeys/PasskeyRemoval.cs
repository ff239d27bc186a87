using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.SignIn.SecondFactors;

namespace AuthService.SignIn.Passkeys;

/// <summary>Removes a person's own passkeys.</summary>
internal sealed class PasskeyRemoval(PasskeyStore passkeys, WaysToSignIn ways)
{
    /// <summary>Removes a passkey. Sessions stay, as they do when an authenticator app is removed.</summary>
    public Task<WayRemoval> RemoveAsync(Principal person, Guid id, AuditActor by) => ways.RemoveAsync(
        person,
        id,
        find: async () => (await passkeys.ListAsync(person.Number)).Exists(passkey => passkey.Id == id)
            ? new FactorChange(AuditEvents.PasskeyRemoved, FactorNotices.PasskeyRemoved) { Detail = $"{id}" }
            : null,
        remove: _ => passkeys.TryRemoveAsync(person.Number, id),
        by);
}
