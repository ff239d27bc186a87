using AuthService.Audit;
using AuthService.Mail;
using AuthService.Principals;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Links somebody at a provider to the person here who has the same address, where both sides have seen that its mail is read.</summary>
internal sealed class LinkingByAddress(IdentityLinkStore links, FactorChanges changes, Store store)
{
    /// <summary>Whoever has the address here, whether verified or not.</summary>
    public async Task<IReadOnlyList<Principal>> ListOwnersAsync(ProviderIdentity identity) =>
        identity.Claims.Email is { } email ? await links.FindByAddressAsync(PrincipalName.Fold(email)) : [];

    /// <summary>They are told, as of every new way to sign in. The address is compared again when they are held: it may have been changed meanwhile.</summary>
    /// <returns>
    /// Null when the settings or the address do not allow it, or it was taken from them before; or who else was linked to this identity at the same moment.
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
