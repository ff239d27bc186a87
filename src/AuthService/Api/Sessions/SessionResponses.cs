using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Sessions.Rules;
using SessionOptions = AuthService.Sessions.SessionOptions;

namespace AuthService.Api.Sessions;

/// <summary>Creates the responses of this API from sessions and their people.</summary>
internal sealed class SessionResponses(SessionService sessions, TimeProvider clock)
{
    private const string DefaultLocale = "en";

    /// <summary>The products that existing clients know. They fail on any other name (src/AuthService/DECISIONS.md#sessions-api).</summary>
    private static readonly HashSet<string> KnownToClients =
        new([SessionOptions.EquisoftConnect, "EQUISOFT_PLAN", "EQUISOFT_ANALYZE_FOR_ADVISORS", "CPANEL"], StringComparer.Ordinal);

    /// <returns>Null when there is no such session.</returns>
    public async Task<SessionResponse?> FindAsync(Guid id, bool keepAlive = false) =>
        await sessions.GetAsync(id, keepAlive) is { } session ? Create(session) : null;

    public SessionResponse Create(SessionDetails details)
    {
        var now = clock.GetUtcNow();
        var (session, principal, actor) = details.Owned;
        return new SessionResponse(
            session.Id,
            SessionRules.StateOf(details.Owned, now).ToWire(),
            session.CreatedAt,
            session.SuspendAt,
            session.ExpireAt,
            ToResponse(principal, actor is null ? session : null, now),
            details.Products.Contains(SessionOptions.EquisoftConnect, StringComparer.Ordinal) && SessionRules.IsActive(details.Owned, now),
            session.MobileDevice,
            session.CookieDomain,
            actor is null ? null : ToResponse(actor, session, now),
            session.ActorService,
            session.SsoProvider is null ? null : new SsoBody(session.SsoProvider, session.SsoIdentifier));
    }

    /// <param name="user">A person of the session: its principal or its administrator.</param>
    /// <param name="signedIn">The session, if this person signed in to it; null for a person who is impersonated in it.</param>
    /// <param name="now">The current time.</param>
    private static UserResponse ToResponse(Principal user, Session? signedIn, DateTimeOffset now) => new(
        user.Number,
        user.Uuid,
        DisplayName(user),
        user.Profile.Email ?? "",
        user.Profile.Locale ?? DefaultLocale,
        user.State.ToWire(),
        now < user.LockedUntil,
        [user.Role.ToWire()],
        Deletable: user.State is not PrincipalState.Deleted,
        Billable: user is { Type: PrincipalType.Person, State: PrincipalState.Enabled },
        new AgreementResponse(WireNames.ToAgreement(user.AgreementAccepted)),
        [.. (user.Services ?? []).Where(grant => KnownToClients.Contains(grant.ServiceName))
            .Select(grant => new UserServiceResponse(grant.ServiceName, grant.MaxConcurrentAccess))],
        ServicesUsers: [], // accounts in other systems, which this service does not know
        AuthType: user.PasswordHash is null ? "SSO" : "PASSWORD",
        user.CreatedAt,
        signedIn?.SsoProvider is { } provider ? new SsoProviderResponse(provider) : null,
        signedIn?.SsoIdentifier);

    private static string DisplayName(Principal user) =>
        string.Join(' ', new[] { user.Profile.FirstNames, user.Profile.LastName }.Where(name => !string.IsNullOrWhiteSpace(name))) is { Length: > 0 } name
            ? name
            : user.Id;
}
