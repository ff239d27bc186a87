using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions.Rules;

namespace AuthService.SignIn;

/// <summary>Lists what the sign-in rules decide for a principal with the right password or passkey, in the order in which they refuse.</summary>
internal static class SignInVerdicts
{
    public static IEnumerable<RuleVerdict> Of(Principal principal, bool withPassword, DateTimeOffset now)
    {
        yield return new(RefusalReason.NameLocked, principal.LockedUntil > now && LockoutRecord.HoldsUp(principal.LockedUntil, withPassword))
        {
            Facts = principal.LockedUntil is { } until ? [RefusalFact.Of("lockedUntil", until)] : [],
        };
        yield return new(RefusalReason.NoPerson, principal.Type is not PrincipalType.Person) { Facts = [RefusalFact.Of("type", principal.Type)] };
        if (withPassword)
        {
            yield return new(
                RefusalReason.NoPassword, principal is { Type: PrincipalType.Person, State: PrincipalState.Enabled, PasswordHash: null });
        }

        foreach (var verdict in SessionVerdicts.Of(principal))
            yield return verdict;
        yield return new(RefusalReason.PasswordResetRequested, principal.PasswordResetRequested);
    }
}
