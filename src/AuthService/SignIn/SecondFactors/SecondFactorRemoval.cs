using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions.PrincipalChanges;
using AuthService.SignIn.Passkeys;

namespace AuthService.SignIn.SecondFactors;

/// <summary>Lets an administrator remove all second factors of a person, because they are lost or an attacker's. It revokes the person's sessions.</summary>
internal sealed class SecondFactorRemoval(SecondFactorStore factors, PasskeyStore passkeys, PrincipalChangeService changes)
{
    /// <returns>False when somebody else changed the person at the same moment.</returns>
    public async Task<bool> TryRemoveAllAsync(Principal person, AuditActor by) =>
        await changes.RemoveFactorsAsync(person, () => RemoveAsync(person.Number), by) is PrincipalChangeResult.Done;

    private async Task RemoveAsync(long person)
    {
        await passkeys.RemoveAllAsync(person);
        await factors.TryRemoveAsync(person);
    }
}
