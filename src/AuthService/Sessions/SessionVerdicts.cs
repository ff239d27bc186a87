using AuthService.Principals;
using AuthService.Refusals;

namespace AuthService.Sessions;

/// <summary>
/// Lists the result of every rule of <see cref="SessionRules"/>, in the order in which the rules are checked. The first one that refuses is the reason that
/// <see cref="SessionRules.FindRefusal(SessionWithPrincipals, DateTimeOffset)"/> returns.
/// </summary>
internal static class SessionVerdicts
{
    public static IEnumerable<RuleVerdict> Of(SessionWithPrincipals owned, DateTimeOffset now)
    {
        var (session, principal, _) = owned;
        return
        [
            .. Of(principal),
            Judge(RefusalReason.PrincipalChanged, principal.SecurityStamp != session.SecurityStamp),
            Judge(RefusalReason.ImpersonatorChanged, SessionRules.HasLostImpersonator(owned)),
            Judge(RefusalReason.SessionExpired, now >= session.ExpireAt),
            Judge(RefusalReason.SessionSuspended, now >= session.SuspendAt),
            Judge(RefusalReason.SessionNew, session.State is SessionState.New),
        ];

        RuleVerdict Judge(RefusalReason reason, bool refuses) => new(reason, refuses) { Facts = SessionRefusals.Of(reason, owned).Facts };
    }

    public static IEnumerable<RuleVerdict> Of(Principal principal)
    {
        RefusalFact[] facts = [RefusalFact.Of("state", principal.State)];
        return
        [
            new(RefusalReason.PrincipalDisabled, principal.State is PrincipalState.Disabled) { Facts = facts },
            new(RefusalReason.PrincipalDeleted, principal.State is PrincipalState.Deleted) { Facts = facts },
        ];
    }
}
