using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions.Revoking;
using AuthService.SignIn.SecondFactors;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>
/// Lets an administrator remove a person's link to an identity provider, even the last way to sign in. It revokes the sessions that were created
/// with the identity, and voids the person's sign-ins that wait for a second factor.
/// </summary>
internal sealed class IdentityRemoval(
    IdentityLinkStore links, SignInChallengeStore challenges, SessionRevocation revocation, FactorChanges changes,
    IOptionsMonitor<IdentityProviderOptions> providers)
{
    /// <returns>False when the person has no such link.</returns>
    public async Task<bool> TryRemoveAsync(Principal person, Guid id, AuditActor by)
    {
        var ended = 0;
        var removed = await changes.TryMakeAloneAsync(
            person,
            async now =>
            {
                if ((await links.ListAsync(person.Number)).Find(link => link.Id == id) is not { } link || !await links.TryRemoveAsync(person.Number, id, now))
                    return null;
                await challenges.VoidSignInsAsync(person.Number);
                ended = await revocation.RevokeOfIdentityWithinAsync(
                    person, link.Subject, providers.CurrentValue.OtherThan(link.Issuer), new SessionEnding(EndReason.RevokedByAdministrator, by, now));
                return person.State is PrincipalState.Deleted ? link.ToRemoval() with { Notice = null } : link.ToRemoval();
            },
            by);
        revocation.ReportPrincipalChange(ended);
        return removed;
    }
}
