using System.Collections.Immutable;
using AuthService.Principals;
using AuthService.Refusals;

namespace AuthService.Sessions.Rules;

/// <summary>One rule for the use of a session.</summary>
/// <param name="Reason">The reason with which the rule refuses.</param>
/// <param name="Refuses">Whether the rule refuses the session at a given time.</param>
internal sealed record SessionRule(RefusalReason Reason, Func<SessionWithPrincipals, DateTimeOffset, bool> Refuses);

/// <summary>Decides what may be done with a session at a given time. The functions are pure: everything they need is an argument.</summary>
internal static class SessionRules
{
    /// <summary>
    /// The rules for the use of a session, in the order in which they are checked. A session that none of them refuses is active, in every API.
    /// <see cref="SessionQueries"/> has the same rules in SQL.
    /// </summary>
    public static readonly ImmutableArray<SessionRule> All =
    [
        new(RefusalReason.PrincipalDisabled, (owned, _) => FindRefusal(owned.Principal) is RefusalReason.PrincipalDisabled),
        new(RefusalReason.PrincipalDeleted, (owned, _) => FindRefusal(owned.Principal) is RefusalReason.PrincipalDeleted),
        new(RefusalReason.PrincipalChanged, (owned, _) => owned.Principal.SecurityStamp != owned.Session.SecurityStamp),
        new(RefusalReason.ImpersonatorChanged, (owned, _) => HasLostImpersonator(owned)),
        new(RefusalReason.SessionExpired, (owned, now) => now >= owned.Session.ExpireAt),
        new(RefusalReason.SessionSuspended, (owned, now) => now >= owned.Session.SuspendAt),
        new(RefusalReason.SessionNew, (owned, _) => owned.Session.State is SessionState.New),
    ];

    private static readonly TimeSpan LongestTouchInterval = TimeSpan.FromMinutes(1);

    /// <returns>The reason of the first rule that refuses; null when the session is active.</returns>
    public static RefusalReason? FindRefusal(SessionWithPrincipals owned, DateTimeOffset now)
    {
        foreach (var rule in All)
        {
            if (rule.Refuses(owned, now))
                return rule.Reason;
        }

        return null;
    }

    public static SessionState StateOf(SessionWithPrincipals owned, DateTimeOffset now) => FindRefusal(owned, now) switch
    {
        null => SessionState.Enabled,
        RefusalReason.SessionNew => SessionState.New,
        RefusalReason.SessionSuspended => SessionState.Suspended,
        RefusalReason.SessionExpired => SessionState.Expired,
        _ => SessionState.Deleted, // a change of its principals after which it does not count
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

    public static bool IsActive(SessionWithPrincipals owned, DateTimeOffset now) => FindRefusal(owned, now) is null;

    /// <summary>Returns whether this is an administrator with the right to impersonate.</summary>
    public static bool MayImpersonate(Principal administrator) => administrator is { Role: Role.Admin, CanImpersonate: true };

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

    /// <summary>Returns whether an administrator who no longer has the right impersonates in the session.</summary>
    private static bool HasLostImpersonator(SessionWithPrincipals owned)
    {
        var (session, _, actor) = owned;
        return session.ActorNumber is not null && !(actor is not null && FindRefusal(actor, session.ActorStamp) is null && MayImpersonate(actor));
    }
}
