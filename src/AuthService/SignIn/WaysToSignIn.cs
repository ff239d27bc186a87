using AuthService.Audit;
using AuthService.Principals;
using AuthService.SignIn.IdentityProviders;
using AuthService.SignIn.Passkeys;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn;

/// <summary>What came of a person's wish to sign in no more with a passkey or an identity provider.</summary>
internal enum WayRemoval
{
    Removed,

    /// <summary>The person has no such passkey or link.</summary>
    Unknown,

    /// <summary>There would be nothing left to sign in with.</summary>
    LastWay,
}

/// <summary>With what a person can sign in.</summary>
internal sealed class WaysToSignIn(
    PasskeyStore passkeys, IdentityLinkStore links, FactorChanges changes, Store store, IOptionsMonitor<IdentityProviderOptions> providers)
{
    /// <summary>A person gives a way up, unless it is their last one.</summary>
    /// <param name="person">Whose it is.</param>
    /// <param name="id">Of the passkey or of the link.</param>
    /// <param name="find">What is put on record of it; null when there is none of this id.</param>
    /// <param name="remove">Removes it, at this moment.</param>
    /// <param name="by">Who does it.</param>
    public async Task<WayRemoval> RemoveAsync(Principal person, Guid id, Func<Task<FactorChange?>> find, Func<DateTimeOffset, Task> remove, AuditActor by)
    {
        var outcome = WayRemoval.Unknown;
        await changes.TryMakeAloneAsync(
            person,
            async now =>
            {
                outcome = WayRemoval.Unknown;
                if (await find() is not { } change)
                    return null;
                outcome = await HasOtherAsync(person, id) ? WayRemoval.Removed : WayRemoval.LastWay;
                if (outcome is not WayRemoval.Removed)
                    return null;
                await remove(now);
                return change;
            },
            by);
        return outcome;
    }

    /// <summary>
    /// In the transaction that holds the person: of two ways that are removed at once the last one stays. A link to a provider that is not
    /// configured any more is none.
    /// </summary>
    /// <param name="person">As they were read.</param>
    /// <param name="removed">The id of the passkey or of the link that is to go.</param>
    private async Task<bool> HasOtherAsync(Principal person, Guid removed)
    {
        var (made, linked) = (await passkeys.ListAsync(person.Number), await links.ListAsync(person.Number));
        return made.Exists(passkey => passkey.Id != removed)
            || linked.Exists(link => link.Id != removed && providers.CurrentValue.HasIssuer(link.Issuer))
            || await store.FindHeldAsync(person.Number) is { PasswordHash: not null };
    }
}
