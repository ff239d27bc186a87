using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.SignIn.SecondFactors;

namespace AuthService.SignIn.Passkeys;

/// <summary>People remove their own passkeys.</summary>
internal sealed class PasskeyRemoval(PasskeyStore passkeys, WaysToSignIn ways, FactorChanges changes)
{
    /// <summary>Sessions stay, as when an authenticator app is removed.</summary>
    public async Task<WayRemoval> RemoveAsync(Principal person, Guid id, AuditActor by)
    {
        var outcome = WayRemoval.Unknown;
        await changes.TryMakeAloneAsync(
            person,
            async _ =>
            {
                var isKnown = (await passkeys.ListAsync(person.Number)).Exists(passkey => passkey.Id == id);
                outcome = !isKnown ? WayRemoval.Unknown : await ways.HasOtherAsync(person, id) ? WayRemoval.Removed : WayRemoval.LastWay;
                if (outcome is not WayRemoval.Removed)
                    return null;
                await passkeys.TryRemoveAsync(person.Number, id);
                return new FactorChange(AuditEvents.PasskeyRemoved, FactorNotices.PasskeyRemoved) { Detail = $"{id}" };
            },
            by);
        return outcome;
    }
}
