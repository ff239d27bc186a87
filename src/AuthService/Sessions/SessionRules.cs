using AuthService.Principals;
using AuthService.Refusals;

namespace AuthService.Sessions;

/// <summary>Decides what may be done with a session at a given time. The functions are pure: everything they need is an argument.</summary>
internal static class SessionRules
{
    private static readonly TimeSpan LongestTouchInterval = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Computes the state (NEW → ENABLED → SUSPENDED → EXPIRED → DELETED), which defines "active" for every API.
    /// <see cref="SessionQueries"/> has the same rules in SQL.
    /// </summary>
    public static SessionState StateOf(SessionWithPrincipals owned, DateTimeOffset now)
    {
        if (FindChange(owned) is not null)
            return SessionState.Deleted;
        var session = owned.Session;
        if (now >= session.ExpireAt)
            return SessionState.Expired;
        return now >= session.SuspendAt ? SessionState.Suspended : session.State;
    }

    /// <returns>The reason why the session may not be used; null when it may.</returns>
    public static RefusalReason? FindRefusal(SessionWithPrincipals owned, DateTimeOffset now) => StateOf(owned, now) switch
    {
        SessionState.Enabled => null,
        SessionState.New => RefusalReason.SessionNew,
        SessionState.Suspended => RefusalReason.SessionSuspended,
        SessionState.Expired => RefusalReason.SessionExpired,
        _ => FindChange(owned),
    };

    /// <returns>The reason why the principal may not do anything; null when it may.</returns>
    public static RefusalReason? FindRefusal(Principal principal) => principal.State switch
    {
        PrincipalState.Enabled => null,
        PrincipalState.Disabled => RefusalReason.PrincipalDisabled,
        _ => RefusalReason.PrincipalDeleted,
    };

    /// <param name="principal">The principal as it is now.</param>
    /// <param name="stamp">The principal's security stamp when it signed in.</param>
    /// <returns>The reason why the sign-in no longer counts; null when it does.</returns>
    public static RefusalReason? FindRefusal(Principal principal, int? stamp) =>
        FindRefusal(principal) ?? (principal.SecurityStamp == stamp ? null : RefusalReason.PrincipalChanged);

    /// <summary>Returns whether the session is neither expired nor deleted: new, active or suspended.</summary>
    public static bool IsValid(SessionWithPrincipals owned, DateTimeOffset now) => StateOf(owned, now) is not (SessionState.Expired or SessionState.Deleted);

    public static bool IsUsable(SessionWithPrincipals owned, DateTimeOffset now) => StateOf(owned, now) is SessionState.Enabled;

    /// <summary>Returns whether this is an administrator with the right to impersonate.</summary>
    public static bool MayImpersonate(Principal administrator) => administrator is { Role: Role.Admin, CanImpersonate: true };

    /// <summary>Returns whether an administrator who no longer has the right impersonates in the session.</summary>
    public static bool HasLostImpersonator(SessionWithPrincipals owned)
    {
        var (session, _, actor) = owned;
        return session.ActorNumber is not null && !(actor is not null && FindRefusal(actor, session.ActorStamp) is null && MayImpersonate(actor));
    }

    /// <summary>Returns whether the time of the last use is so old that it must be written. Most refreshes therefore only read.</summary>
    public static bool IsTouchDue(Session session, DateTimeOffset now)
    {
        var tenth = session.IdleTimeout / 10;
        return now - session.LastUsedAt >= (tenth < LongestTouchInterval ? tenth : LongestTouchInterval);
    }

    /// <summary>Computes when a session that is used now will be suspended: at the latest when it expires.</summary>
    public static DateTimeOffset SuspendAt(DateTimeOffset now, TimeSpan idleTimeout, DateTimeOffset expireAt) =>
        expireAt - now > idleTimeout ? now + idleTimeout : expireAt;

    /// <summary>Returns the session as it is after it was used now.</summary>
    public static Session Touched(Session session, DateTimeOffset now) =>
        session with { LastUsedAt = now, SuspendAt = SuspendAt(now, session.IdleTimeout, session.ExpireAt) };

    /// <returns>The change of its principals that makes the session count as deleted; null when there is none.</returns>
    private static RefusalReason? FindChange(SessionWithPrincipals owned)
    {
        if (FindRefusal(owned.Principal, owned.Session.SecurityStamp) is { } change)
            return change;
        return HasLostImpersonator(owned) ? RefusalReason.ImpersonatorChanged : null;
    }
}
