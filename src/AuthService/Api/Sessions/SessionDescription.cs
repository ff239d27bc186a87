using AuthService.Principals;
using AuthService.Sessions;

namespace AuthService.Api.Sessions;

/// <summary>Puts a session and its people into the words of this surface.</summary>
internal static class SessionDescription
{
    private const string DefaultLocale = "en";

    public static SessionResponse Of(SessionView view, DateTimeOffset now)
    {
        var (session, principal, actor) = view.Owned;
        return new SessionResponse(
            session.Id,
            SessionRules.StateOf(view.Owned, now).ToWire(),
            session.CreatedAt,
            session.SuspendAt,
            session.ExpireAt,
            Of(principal, session, now),
            view.HasAccess && SessionRules.IsUsable(view.Owned, now),
            session.MobileDevice,
            session.CookieDomain,
            actor is null ? null : Of(actor, session, now),
            session.SsoProvider is null ? null : new SsoBody(session.SsoProvider, session.SsoIdentifier));
    }

    private static UserResponse Of(Principal user, Session session, DateTimeOffset now) => new(
        user.Number,
        user.Uuid,
        DisplayName(user),
        user.Email ?? "",
        user.Locale ?? DefaultLocale,
        user.State.ToWire(),
        now < user.LockedUntil,
        [user.Role.ToWire()],
        Deletable: user.State is not PrincipalState.Deleted,
        Billable: user is { Type: PrincipalType.Person, State: PrincipalState.Enabled },
        new AgreementResponse(user.AgreementAccepted ? "ACCEPTED" : "REQUESTED"),
        [.. (user.Services ?? []).Select(grant => new UserServiceResponse(grant.ServiceName, grant.MaxConcurrentAccess))],
        ServicesUsers: [], // accounts in other systems, of which this service knows none
        AuthType: user.PasswordHash is null ? "SSO" : "PASSWORD",
        user.CreatedAt,
        session.SsoProvider is null ? null : new SsoProviderResponse(session.SsoProvider),
        session.SsoIdentifier);

    private static string DisplayName(Principal user) =>
        string.Join(' ', new[] { user.FirstNames, user.LastName }.Where(name => !string.IsNullOrWhiteSpace(name))) is { Length: > 0 } name ? name : user.Id;
}
