using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Sessions.Rules;
using AuthService.UnitTests.Principals;
using Xunit;

namespace AuthService.UnitTests.Sessions;

/// <summary>The list of verdicts and the rules agree on every possible session.</summary>
public sealed class SessionVerdictsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 14, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_first_verdict_that_refuses_is_the_reason()
    {
        var cases = 0;
        foreach (var owned in Sessions())
        {
            var first = SessionVerdicts.Of(owned, Now).FirstOrDefault(verdict => verdict.Refuses)?.Reason;
            Assert.Equal(SessionRules.FindRefusal(owned, Now), first);
            cases++;
        }

        Assert.True(cases > 500, $"{cases} cases are too few");
    }

    private static IEnumerable<SessionWithPrincipals> Sessions() =>
        from state in (SessionState[])[SessionState.New, SessionState.Enabled]
        from principal in Principals(canImpersonate: false)
        from actor in Principals(canImpersonate: true).Concat(Principals(canImpersonate: false)).Prepend(null)
        from suspendAt in (int[])[-1, 0, 1]
        from expireAt in (int[])[-1, 0, 1]
        where suspendAt <= expireAt
        select new SessionWithPrincipals(SessionOf(state, actor, suspendAt, expireAt), principal, actor);

    private static IEnumerable<Principal> Principals(bool canImpersonate) =>
        from state in Enum.GetValues<PrincipalState>()
        from stamp in (int[])[1, 2]
        select PrincipalOf(state, stamp, canImpersonate);

    private static Principal PrincipalOf(PrincipalState state, int stamp, bool canImpersonate)
    {
        var principal = TestPeople.Person("root");
        (principal.State, principal.SecurityStamp, principal.Role, principal.CanImpersonate) = (state, stamp, Role.Admin, canImpersonate);
        return principal;
    }

    private static Session SessionOf(SessionState state, Principal? actor, int suspendAt, int expireAt) => new()
    {
        Id = Guid.Empty,
        PrincipalNumber = 1,
        SecurityStamp = 1,
        State = state,
        ActorNumber = actor is null ? null : 2,
        ActorStamp = actor is null ? null : 1,
        CreatedAt = Now.AddHours(-1),
        LastUsedAt = Now.AddHours(-1),
        SuspendAt = Now.AddMinutes(suspendAt),
        ExpireAt = Now.AddMinutes(expireAt),
        IdleTimeout = TimeSpan.FromHours(1),
        Scopes = ["all:write"],
    };
}
