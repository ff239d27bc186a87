using AuthService.Principals;
using AuthService.Refusals;

namespace AuthService.Sessions.Rules;

/// <summary>
/// Lists the result of every rule of <see cref="SessionRules"/> with the facts that it checks. The first one that refuses is the reason that
/// <see cref="SessionRules.FindRefusal(SessionWithPrincipals, DateTimeOffset)"/> returns.
/// </summary>
internal static class SessionVerdicts
{
    public static IEnumerable<RuleVerdict> Of(SessionWithPrincipals owned, DateTimeOffset now) => SessionRules.All.Select(rule =>
        new RuleVerdict(rule.Reason, rule.Refuses(owned, now)) { Facts = SessionRefusals.Of(rule.Reason, owned).Facts });

    public static IEnumerable<RuleVerdict> Of(Principal principal)
    {
        return [Judge(RefusalReason.PrincipalDisabled), Judge(RefusalReason.PrincipalDeleted)];

        RuleVerdict Judge(RefusalReason reason) =>
            new(reason, SessionRules.FindRefusal(principal) == reason) { Facts = SessionRefusals.Of(reason, principal).Facts };
    }
}
