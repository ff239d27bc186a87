using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Sessions.Rules;
using AuthService.UnitTests.Principals;
using Xunit;

namespace AuthService.UnitTests.Sessions;

/// <summary>A session is active until the exact moment at which it is suspended, expired or revoked.</summary>
public sealed class SessionRulesTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    [Fact]
    public void A_fresh_session_is_active() => Assert.True(SessionRules.IsActive(Own(NewSession()), Start));

    [Fact]
    public void It_is_suspended_exactly_when_its_idle_time_is_over()
    {
        var session = NewSession();

        Assert.Equal(SessionState.Enabled, StateOf(session, session.SuspendAt - Microsecond));
        Assert.Equal(SessionState.Enabled, StateOf(session, session.SuspendAt - TimeSpan.FromSeconds(1)));
        Assert.Equal(SessionState.Suspended, StateOf(session, session.SuspendAt));
    }

    [Fact]
    public void It_expires_exactly_at_its_absolute_end_however_recently_it_was_used()
    {
        var session = NewSession() with { SuspendAt = Start + TimeSpan.FromDays(60) };

        Assert.Equal(SessionState.Enabled, StateOf(session, session.ExpireAt - Microsecond));
        Assert.Equal(SessionState.Enabled, StateOf(session, session.ExpireAt - TimeSpan.FromSeconds(1)));
        Assert.Equal(SessionState.Expired, StateOf(session, session.ExpireAt));
    }

    [Fact]
    public void It_ends_with_the_stamp_it_was_made_under()
    {
        var principal = NewPrincipal();
        principal.SecurityStamp = 8;

        Assert.Equal(SessionState.Deleted, SessionRules.StateOf(Own(NewSession(), principal), Start));
        Assert.Equal(SessionState.Enabled, SessionRules.StateOf(Own(NewSession() with { SecurityStamp = 8 }, principal), Start));
    }

    [Theory]
    [InlineData("Disabled")]
    [InlineData("Deleted")]
    public void It_is_of_no_use_to_a_principal_who_is_not_enabled(string state)
    {
        var principal = NewPrincipal();
        principal.State = Enum.Parse<PrincipalState>(state);

        Assert.Equal(SessionState.Deleted, SessionRules.StateOf(Own(NewSession(), principal), Start));
    }

    [Fact]
    public void A_new_session_is_of_no_use_before_it_is_enabled()
    {
        var session = NewSession() with { State = SessionState.New };

        Assert.Equal(SessionState.New, StateOf(session, Start));
        Assert.False(SessionRules.IsActive(Own(session), Start));
        Assert.Equal(SessionState.Suspended, StateOf(session, session.SuspendAt));
    }

    [Fact]
    public void Its_end_outranks_its_suspension_and_a_revocation_outranks_both()
    {
        var session = NewSession();
        var disabled = NewPrincipal();
        disabled.State = PrincipalState.Disabled;

        Assert.Equal(SessionState.Expired, StateOf(session with { SuspendAt = session.ExpireAt }, session.ExpireAt));
        Assert.Equal(SessionState.Deleted, SessionRules.StateOf(Own(session, disabled), session.ExpireAt));
    }

    [Fact]
    public void An_impersonating_session_lives_as_long_as_its_administrator_and_the_right()
    {
        var session = NewSession() with { ActorNumber = 2, ActorStamp = 3 };

        Assert.Equal(SessionState.Enabled, SessionRules.StateOf(new SessionWithPrincipals(session, NewPrincipal(), Administrator(_ => { })), Start));
        Assert.Equal(SessionState.Deleted, SessionRules.StateOf(new SessionWithPrincipals(session, NewPrincipal(), Actor: null), Start));
        Action<Principal>[] losses = [a => a.CanImpersonate = false, a => a.Role = Role.User, a => a.State = PrincipalState.Disabled, a => a.SecurityStamp = 4];
        Assert.All(losses, loss => Assert.Equal(
            SessionState.Deleted, SessionRules.StateOf(new SessionWithPrincipals(session, NewPrincipal(), Administrator(loss)), Start)));
    }

    [Theory]
    [InlineData("14.00:00:00", "00:01:00")]
    [InlineData("00:10:00", "00:01:00")]
    [InlineData("00:09:59", "00:00:59.9")]
    [InlineData("00:00:10", "00:00:01")]
    public void Last_used_is_written_again_after_the_smaller_of_a_minute_and_a_tenth_of_the_idle_time(string idleTimeout, string interval)
    {
        var session = NewSession() with { IdleTimeout = TimeSpan.Parse(idleTimeout, null) };
        var due = Start + TimeSpan.Parse(interval, null);

        Assert.False(SessionRules.IsTouchDue(session, Start));
        Assert.False(SessionRules.IsTouchDue(session, due - Microsecond));
        Assert.True(SessionRules.IsTouchDue(session, due));
    }

    [Theory]
    [InlineData("1.00:00:00", "1.00:00:00")]
    [InlineData("29.23:59:59", "29.23:59:59")]
    [InlineData("30.00:00:00", "30.00:00:00")]
    [InlineData("30.00:00:01", "30.00:00:00")]
    public void Use_moves_the_idle_end_and_never_past_the_absolute_one(string idleTimeout, string suspendedAfter)
    {
        var suspendAt = SessionRules.SuspendAt(Start, TimeSpan.Parse(idleTimeout, null), Start + TimeSpan.FromDays(30));

        Assert.Equal(Start + TimeSpan.Parse(suspendedAfter, null), suspendAt);
    }

    [Fact]
    public void An_endless_idle_time_overflows_nothing()
    {
        var suspendAt = SessionRules.SuspendAt(Start, TimeSpan.MaxValue, Start + TimeSpan.FromDays(30));

        Assert.Equal(Start + TimeSpan.FromDays(30), suspendAt);
    }

    [Fact]
    public void A_session_is_delegated_when_a_service_made_it()
    {
        Assert.False(NewSession().IsDelegated);
        Assert.True((NewSession() with { ExtendedByChain = ["_svc"] }).IsDelegated);
    }

    private static SessionState StateOf(Session session, DateTimeOffset now) => SessionRules.StateOf(Own(session), now);

    private static SessionWithPrincipals Own(Session session, Principal? principal = null) => new(session, principal ?? NewPrincipal(), Actor: null);

    private static Principal Administrator(Action<Principal> change)
    {
        var administrator = TestPeople.Person("root");
        (administrator.Role, administrator.CanImpersonate, administrator.SecurityStamp) = (Role.Admin, true, 3);
        change(administrator);
        return administrator;
    }

    private static Session NewSession() => new()
    {
        Id = Guid.CreateVersion7(Start),
        PrincipalNumber = 1,
        SecurityStamp = 7,
        CreatedAt = Start,
        LastUsedAt = Start,
        SuspendAt = Start + TimeSpan.FromDays(14),
        ExpireAt = Start + TimeSpan.FromDays(30),
        IdleTimeout = TimeSpan.FromDays(14),
        Scopes = ["all:write"],
    };

    private static Principal NewPrincipal()
    {
        var principal = TestPeople.Ada();
        principal.SecurityStamp = 7;
        return principal;
    }
}
