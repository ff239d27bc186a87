using AuthService.Principals;
using AuthService.Refusals;

namespace AuthService.Sessions;

/// <summary>What may be done with a session at a moment. Pure: everything it needs is an argument.</summary>
internal static class SessionRules
{
    private static readonly TimeSpan LongestTouchInterval = TimeSpan.FromMinutes(1);

    /// <summary>
    /// NEW → ENABLED → SUSPENDED → EXPIRED → DELETED: what "active" means, for every API. <see cref="SessionQueries"/> says the
    /// same in SQL.
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

    /// <returns>Why the session may not be used; null when it may.</returns>
    public static RefusalReason? FindRefusal(SessionWithPrincipals owned, DateTimeOffset now) => StateOf(owned, now) switch
    {
        SessionState.Enabled => null,
        SessionState.New => RefusalReason.SessionNew,
        SessionState.Suspended => RefusalReason.SessionSuspended,
        SessionState.Expired => RefusalReason.SessionExpired,
        _ => FindChange(owned),
    };

    /// <returns>Why the principal may not do anything; null when it may.</returns>
    public static RefusalReason? FindRefusal(Principal principal) => principal.State switch
    {
        PrincipalState.Enabled => null,
        PrincipalState.Disabled => RefusalReason.PrincipalDisabled,
        _ => RefusalReason.PrincipalDeleted,
    };

    /// <param name="principal">As it is now.</param>
    /// <param name="stamp">What it had when it signed in.</param>
    /// <returns>Why the sign-in no longer counts; null when it does.</returns>
    public static RefusalReason? FindRefusal(Principal principal, int? stamp) =>
        FindRefusal(principal) ?? (principal.SecurityStamp == stamp ? null : RefusalReason.PrincipalChanged);

    /// <summary>True of a session that is neither expired nor deleted: new, active or suspended.</summary>
    public static bool IsValid(SessionWithPrincipals owned, DateTimeOffset now) => StateOf(owned, now) is not (SessionState.Expired or SessionState.Deleted);

    public static bool IsUsable(SessionWithPrincipals owned, DateTimeOffset now) => StateOf(owned, now) is SessionState.Enabled;

    /// <summary>True for an administrator with the right to act as somebody else.</summary>
    public static bool MayImpersonate(Principal administrator) => administrator is { Role: Role.Admin, CanImpersonate: true };

    /// <summary>True of a session in which an administrator impersonates who no longer may.</summary>
    public static bool HasLostImpersonator(SessionWithPrincipals owned)
    {
        var (session, _, actor) = owned;
        return session.ActorNumber is not null && !(actor is not null && FindRefusal(actor, session.ActorStamp) is null && MayImpersonate(actor));
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

    /// <summary>The session as it is after it was used now.</summary>
    public static Session Touched(Session session, DateTimeOffset now) =>
        session with { LastUsedAt = now, SuspendAt = SuspendAt(now, session.IdleTimeout, session.ExpireAt) };

    /// <returns>What was changed of its principals so that the session counts as deleted.</returns>
    private static RefusalReason? FindChange(SessionWithPrincipals owned)
    {
        if (FindRefusal(owned.Principal, owned.Session.SecurityStamp) is { } change)
            return change;
        return HasLostImpersonator(owned) ? RefusalReason.ImpersonatorChanged : null;
    }
}
