using AuthService.Audit;
using AuthService.Principals;
using AuthService.SignIn.IdentityProviders;
using AuthService.SignIn.Passkeys;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn;

/// <summary>The result of removing a passkey or a link to an identity provider.</summary>
internal enum WayRemoval
{
    Removed,

    /// <summary>The person has no such passkey or link.</summary>
    Unknown,

    /// <summary>The person would have no way left to sign in.</summary>
    LastWay,
}

/// <summary>Removes ways to sign in, but never a person's last one.</summary>
internal sealed class WaysToSignIn(
    PasskeyStore passkeys, IdentityLinkStore links, FactorChanges changes, Store store, IOptionsMonitor<IdentityProviderOptions> providers)
{
    /// <summary>Removes one of the person's ways to sign in, unless it is the last one.</summary>
    /// <param name="person">The person that it belongs to.</param>
    /// <param name="id">The id of the passkey or of the link.</param>
    /// <param name="find">Returns the change to record; null when nothing has this id.</param>
    /// <param name="remove">Removes it; the argument is the current time.</param>
    /// <param name="by">The audit actor.</param>
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
    /// Checks whether the person has another way to sign in, in the transaction that holds the row lock of the person: of two ways removed
    /// at once, the last one stays. A link to a provider that is no longer configured does not count.
    /// </summary>
    /// <param name="person">The person as read.</param>
    /// <param name="removed">The id of the passkey or link to remove.</param>
    private async Task<bool> HasOtherAsync(Principal person, Guid removed)
    {
        var (made, linked) = (await passkeys.ListAsync(person.Number), await links.ListAsync(person.Number));
        return made.Exists(passkey => passkey.Id != removed)
            || linked.Exists(link => link.Id != removed && providers.CurrentValue.HasIssuer(link.Issuer))
            || await store.FindHeldAsync(person.Number) is { PasswordHash: not null };
    }
}
