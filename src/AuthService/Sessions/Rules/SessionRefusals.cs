using System.Text.Json;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions.Revoking;

namespace AuthService.Sessions.Rules;

/// <summary>Collects the facts that a rule checked when it refused a session, so that somebody can explain the refusal.</summary>
internal static class SessionRefusals
{
    /// <param name="reason">The rule that failed.</param>
    /// <param name="owned">The session.</param>
    /// <param name="asked">The values that the call requested.</param>
    public static RefusalNote Of(RefusalReason reason, SessionWithPrincipals owned, params IReadOnlyList<RefusalFact> asked) => new(reason)
    {
        Principal = owned.Principal.Id,
        SessionId = owned.Session.Id,
        Facts = [.. asked, .. FactsOf(reason, owned)],
    };

    /// <param name="reason">The rule that failed.</param>
    /// <param name="principal">The principal that owns the credential.</param>
    /// <param name="stamp">The principal's security stamp when the credential was created; null when that does not matter.</param>
    public static RefusalNote Of(RefusalReason reason, Principal principal, int? stamp = null) => new(reason)
    {
        Principal = principal.Id,
        Facts = reason is RefusalReason.PrincipalChanged
            ? [RefusalFact.Of("securityStamp", principal.SecurityStamp), RefusalFact.Of("securityStampOfToken", stamp ?? 0)]
            : [RefusalFact.Of("state", principal.State)],
    };

    /// <summary>Describes a refusal because a service that extended the token or session is disabled or deleted.</summary>
    public static RefusalNote OfExtender(Principal extender, Principal principal, Session? session) => new(RefusalReason.ExtenderRevoked)
    {
        Principal = principal.Id,
        SessionId = session?.Id,
        Facts = [RefusalFact.Of("extendedBy", extender.Id), RefusalFact.Of("state", extender.State)],
    };

    /// <summary>Describes the refusal of a refresh token when its session has ended.</summary>
    public static RefusalNote Of(EndedWithPrincipal ended)
    {
        var reason = JsonNamingPolicy.SnakeCaseUpper.ConvertName($"{ended.Session.Reason}");
        List<RefusalFact> facts = [RefusalFact.Of("ended", reason), RefusalFact.Of("endedAt", ended.Session.EndedAt)];
        if (ended.Session.EndedBy is { } by)
            facts.Add(RefusalFact.Of("endedBy", by));
        return new RefusalNote(RefusalReason.SessionEnded) { Principal = ended.Principal, SessionId = ended.Session.Id, Facts = facts };
    }

    private static RefusalFact[] FactsOf(RefusalReason reason, SessionWithPrincipals owned)
    {
        var (session, principal, actor) = owned;
        return reason switch
        {
            RefusalReason.WrongMode => [RefusalFact.Of("mode", session.Mode)],
            RefusalReason.ScopeNotCovered => [RefusalFact.Of("scopes", session.Scopes)],
            RefusalReason.SessionNew => [RefusalFact.Of("createdAt", session.CreatedAt)],
            RefusalReason.SessionSuspended =>
            [
                RefusalFact.Of("lastUsedAt", session.LastUsedAt),
                RefusalFact.Of("idleTimeout", session.IdleTimeout),
                RefusalFact.Of("suspendAt", session.SuspendAt),
            ],
            RefusalReason.SessionExpired => [RefusalFact.Of("createdAt", session.CreatedAt), RefusalFact.Of("expireAt", session.ExpireAt)],
            RefusalReason.PrincipalDisabled or RefusalReason.PrincipalDeleted => [RefusalFact.Of("state", principal.State)],
            RefusalReason.PrincipalChanged =>
                [RefusalFact.Of("securityStamp", principal.SecurityStamp), RefusalFact.Of("securityStampOfSession", session.SecurityStamp)],
            RefusalReason.ImpersonatorChanged when actor is not null =>
            [
                RefusalFact.Of("administrator", actor.Id),
                RefusalFact.Of("state", actor.State),
                RefusalFact.Of("role", actor.Role),
                RefusalFact.Of("canImpersonate", actor.CanImpersonate),
                RefusalFact.Of("securityStamp", actor.SecurityStamp),
                RefusalFact.Of("securityStampOfSession", session.ActorStamp ?? 0),
            ],
            _ => [],
        };
    }
}
