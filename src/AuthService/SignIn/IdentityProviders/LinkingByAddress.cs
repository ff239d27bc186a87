using AuthService.Audit;
using AuthService.Mail;
using AuthService.Principals;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Links an identity to the person here who has the same address, if both sides have verified it.</summary>
internal sealed class LinkingByAddress(IdentityLinkStore links, FactorChanges changes, Store store)
{
    /// <summary>Lists the people who have the address here, verified or not.</summary>
    public async Task<IReadOnlyList<Principal>> ListOwnersAsync(ProviderIdentity identity) =>
        identity.Claims.Email is { } email ? await links.FindByAddressAsync(PrincipalName.Fold(email)) : [];

    /// <summary>
    /// Links the identity and notifies the person, as for every new way to sign in. The address is compared again under the person's row lock,
    /// because it may have changed meanwhile.
    /// </summary>
    /// <returns>
    /// The linked person. Null when the settings or the address do not allow it, or when the identity was removed from the person before.
    /// If the identity was linked to somebody else at the same moment, that person.
    /// </returns>
    public async Task<Principal?> TryLinkAsync(
        IReadOnlyList<Principal> owners, ProviderIdentity identity, IdentityProvider provider, AuditActor by, DateTimeOffset now)
    {
        if (!provider.LinkByVerifiedEmail || !identity.Claims.IsEmailVerified
            || owners is not [{ EmailVerifiedAt: not null, Type: PrincipalType.Person, State: PrincipalState.Enabled } owner]
            || !MailAddress.AreSame(owner.Profile.Email, identity.Claims.Email))
        {
            return null;
        }

        try
        {
            return await store.InTransactionAsync(async () =>
            {
                var held = await store.FindHeldAsync(owner.Number);
                if (held is not { State: PrincipalState.Enabled, EmailVerifiedAt: not null }
                    || !MailAddress.AreSame(held.Profile.Email, identity.Claims.Email)
                    || await links.WasRemovedAsync(held.Number, identity))
                {
                    return null;
                }

                var link = NewPeople.LinkOf(held, identity, provider, now);
                await store.InsertAsync(link);
                await changes.RecordAsync(held, link.ToAddition(), by, now);
                return held;
            });
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return await links.FindPersonAsync(identity);
        }
    }
}
