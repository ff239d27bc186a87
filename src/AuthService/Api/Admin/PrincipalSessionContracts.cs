using AuthService.Api.Http.Callers;
using AuthService.Sessions;
using AuthService.Sessions.Rules;

namespace AuthService.Api.Admin;

/// <summary>All data of a session except its secrets.</summary>
/// <param name="Id">The session's id, as <c>DELETE …/sessions/{sessionId}</c> takes it.</param>
/// <param name="State">NEW, ENABLED or SUSPENDED.</param>
/// <param name="Principal">The id of the principal that the session acts as.</param>
/// <param name="Actor">The id of the administrator who impersonates that principal in it; null when nobody does.</param>
/// <param name="ActorService">The service that impersonates in the administrator's name; null when the administrator does so directly.</param>
/// <param name="OpenedBy">The service or administrator who opened the session through the Sessions API; null for every other session.</param>
/// <param name="CreatedAt">When the session was created.</param>
/// <param name="LastUsedAt">When the session was last used, accurate to the minute.</param>
/// <param name="SuspendAt">When the session will be suspended if it is not used before.</param>
/// <param name="ExpireAt">When the session expires, even if it is in use.</param>
/// <param name="IdleTimeoutSeconds">How long the session may be unused, in seconds.</param>
/// <param name="IpAddress">The IP address that the sign-in came from; null when a service created the session.</param>
/// <param name="UserAgent">The browser's User-Agent header; null when there was none or a service created the session.</param>
/// <param name="Location">The location that a reverse proxy reported; null when there was none or a service created the session.</param>
/// <param name="DeviceType">Desktop, Mobile, Tablet, Bot or Unknown.</param>
/// <param name="DeviceName">A name to show to people, such as "Firefox on Linux".</param>
/// <param name="PublicComputer">Whether the shorter time limits for public computers apply.</param>
/// <param name="MobileDevice">Whether the session is on a mobile device. Such a session does not count towards the limit of a product.</param>
/// <param name="CookieDomain">The domain of the cookie that the service which opened the session sets; null when none was given.</param>
/// <param name="Sso">The single sign-on that the session came from; null without one.</param>
/// <param name="Products">The products that the session is enabled for now.</param>
/// <param name="Mode">Web or Application; null when the session has no refresh token.</param>
/// <param name="Scopes">The scopes of the session's access tokens.</param>
/// <param name="AccessTokenLifetimeSeconds">The lifetime of the session's access tokens, in seconds; null means the settings decide.</param>
/// <param name="ExtendedBy">The service that created the session by extending a token; null unless the session is delegated.</param>
/// <param name="ExtendedByChain">The services that extended the token one after another, the first one first. Empty unless the session is delegated.</param>
/// <param name="ExtendedFrom">The session that this one was extended from; null unless the session is delegated.</param>
internal sealed record AdminSessionResponse(
    Guid Id,
    string State,
    string Principal,
    string? Actor,
    string? ActorService,
    string? OpenedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUsedAt,
    DateTimeOffset SuspendAt,
    DateTimeOffset ExpireAt,
    long IdleTimeoutSeconds,
    string? IpAddress,
    string? UserAgent,
    string? Location,
    string DeviceType,
    string DeviceName,
    bool PublicComputer,
    bool MobileDevice,
    string? CookieDomain,
    SessionSsoResponse? Sso,
    IReadOnlyList<string> Products,
    string? Mode,
    IReadOnlyList<string> Scopes,
    long? AccessTokenLifetimeSeconds,
    string? ExtendedBy,
    IReadOnlyList<string> ExtendedByChain,
    Guid? ExtendedFrom)
{
    public static AdminSessionResponse Of(SessionDetails full, DateTimeOffset now)
    {
        var (session, principal, actor) = full.Owned;
        var device = DeviceReading.Read(session.UserAgent);
        return new AdminSessionResponse(
            session.Id,
            SessionRules.StateOf(full.Owned, now).ToWire(),
            principal.Id,
            actor?.Id,
            session.ActorService,
            session.OpenedBy,
            session.CreatedAt,
            session.LastUsedAt,
            session.SuspendAt,
            session.ExpireAt,
            (long)session.IdleTimeout.TotalSeconds,
            session.IpAddress,
            session.UserAgent,
            session.Location,
            device.Type,
            device.Name,
            session.PublicComputer,
            session.MobileDevice,
            session.CookieDomain,
            session.SsoProvider is null ? null : new SessionSsoResponse(session.SsoProvider, session.SsoIdentifier),
            SessionRules.IsActive(full.Owned, now) ? full.Products : [],
            session.RefreshTokenHash is null ? null : session.Mode.ToString(),
            session.Scopes,
            (long?)session.AccessTokenLifetime?.TotalSeconds,
            session.ExtendedByChain?[^1],
            session.ExtendedByChain ?? [],
            session.ExtendedFrom);
    }
}

/// <summary>The single sign-on with which the person signed in elsewhere.</summary>
/// <param name="Provider">The provider of the single sign-on.</param>
/// <param name="Identifier">The provider's id for the person.</param>
internal sealed record SessionSsoResponse(string Provider, string? Identifier);

/// <param name="ItemsInTotal">The number of sessions on all pages.</param>
/// <param name="ItemsPerPage">The page size: the requested one, or 50.</param>
/// <param name="PageNumber">The page number, starting at 0.</param>
/// <param name="Items">The sessions of this page, newest first.</param>
internal sealed record AdminSessionPageResponse(int ItemsInTotal, int ItemsPerPage, int PageNumber, IReadOnlyList<AdminSessionResponse> Items);

/// <param name="Revoked">The number of sessions that were revoked.</param>
internal sealed record RevokedResponse(int Revoked);
