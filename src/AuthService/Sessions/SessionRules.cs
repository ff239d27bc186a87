using AuthService.Principals;

namespace AuthService.Sessions;

/// <summary>What may be done with a session at a moment. Pure: everything it needs is an argument.</summary>
internal static class SessionRules
{
    private static readonly TimeSpan LongestTouchInterval = TimeSpan.FromMinutes(1);

    /// <summary>NEW → ENABLED → SUSPENDED → EXPIRED → DELETED: the one place where "active" is defined, for every surface.</summary>
    public static SessionState StateOf(OwnedSession owned, DateTimeOffset now)
    {
        var (session, principal, actor) = owned;
        if (!StandsBehind(principal, session.SecurityStamp))
            return SessionState.Deleted;
        if (session.ActorNumber is not null && (actor is null || !StandsBehind(actor, session.ActorStamp) || !MayImpersonate(actor)))
            return SessionState.Deleted;
        if (now >= session.ExpireAt)
            return SessionState.Expired;
        return now >= session.SuspendAt ? SessionState.Suspended : session.State;
    }

    public static bool IsUsable(OwnedSession owned, DateTimeOffset now) => StateOf(owned, now) is SessionState.Enabled;

    /// <summary>True for an administrator with the right to act as somebody else.</summary>
    public static bool MayImpersonate(Principal administrator) => administrator is { Role: Role.Admin, CanImpersonate: true };

    /// <summary>"Last used" is written only when it is this old, so that most refreshes stay reads.</summary>
    public static bool IsTouchDue(Session session, DateTimeOffset now)
    {
        var tenth = session.IdleTimeout / 10;
        return now - session.LastUsedAt >= (tenth < LongestTouchInterval ? tenth : LongestTouchInterval);
    }

    /// <summary>When a session that is used now is suspended: idleness never outlasts the absolute end.</summary>
    public static DateTimeOffset SuspendAt(DateTimeOffset now, TimeSpan idleTimeout, DateTimeOffset expireAt) =>
        expireAt - now > idleTimeout ? now + idleTimeout : expireAt;

    /// <summary>The session as it is after it was used now.</summary>
    public static Session Touched(Session session, DateTimeOffset now) =>
        session with { LastUsedAt = now, SuspendAt = SuspendAt(now, session.IdleTimeout, session.ExpireAt) };

    /// <summary>False once the principal was disabled or deleted, or changed in a way that ends earlier sign-ins.</summary>
    private static bool StandsBehind(Principal principal, int? stamp) => principal.State is PrincipalState.Enabled && principal.SecurityStamp == stamp;
}
