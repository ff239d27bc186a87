using AuthService.Principals;

namespace AuthService.Sessions;

/// <summary>Why a session may not be used now.</summary>
internal enum SessionRefusal
{
    Expired,
    Suspended,

    /// <summary>A later change of password, role or state ended it.</summary>
    Superseded,

    PrincipalNotEnabled,
}

/// <summary>What may be done with a session at a moment. Pure: everything it needs is an argument.</summary>
internal static class SessionRules
{
    private static readonly TimeSpan LongestTouchInterval = TimeSpan.FromMinutes(1);

    /// <returns>Null when the session may be used.</returns>
    public static SessionRefusal? FindRefusal(Session session, Principal principal, DateTimeOffset now)
    {
        if (now >= session.ExpireAt)
            return SessionRefusal.Expired;
        if (principal.State is not PrincipalState.Enabled)
            return SessionRefusal.PrincipalNotEnabled;
        if (session.SecurityStamp != principal.SecurityStamp)
            return SessionRefusal.Superseded;
        return now >= session.SuspendAt ? SessionRefusal.Suspended : null;
    }

    /// <summary>"Last used" is written only when it is this old, so that most refreshes stay reads.</summary>
    public static bool IsTouchDue(Session session, DateTimeOffset now)
    {
        var tenth = session.IdleTimeout / 10;
        return now - session.LastUsedAt >= (tenth < LongestTouchInterval ? tenth : LongestTouchInterval);
    }

    /// <summary>When a session that is used now is suspended: idleness never outlasts the absolute end.</summary>
    public static DateTimeOffset SuspendAt(DateTimeOffset now, TimeSpan idleTimeout, DateTimeOffset expireAt) =>
        expireAt - now > idleTimeout ? now + idleTimeout : expireAt;
}
