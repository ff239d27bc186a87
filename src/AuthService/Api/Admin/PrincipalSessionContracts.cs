using AuthService.Api.Http.Callers;
using AuthService.Sessions;

namespace AuthService.Api.Admin;

/// <summary>All that is known of a session, but for its secrets.</summary>
/// <param name="Id">What <c>DELETE …/sessions/{sessionId}</c> takes.</param>
/// <param name="State">NEW, ENABLED or SUSPENDED.</param>
/// <param name="Principal">Whom it acts as.</param>
/// <param name="Actor">The administrator who impersonates that principal in it.</param>
/// <param name="ActorService">The service that does so in the administrator's name; null when they do so themselves.</param>
/// <param name="OpenedBy">The service or administrator who opened it by the Sessions API; null for every other session.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="LastUsedAt">To the minute.</param>
/// <param name="SuspendAt">When it will be suspended unless it is used.</param>
/// <param name="ExpireAt">When it ends in any case.</param>
/// <param name="IdleTimeoutSeconds">How long it may be unused.</param>
/// <param name="IpAddress">Where the sign-in came from; null when a service made the session, as are the next two.</param>
/// <param name="UserAgent">As the browser sent it.</param>
/// <param name="Location">As a reverse proxy told it.</param>
/// <param name="DeviceType">Desktop, Mobile, Tablet, Bot or Unknown.</param>
/// <param name="DeviceName">For people: "Firefox on Linux".</param>
/// <param name="PublicComputer">Whether its shorter time limits hold.</param>
/// <param name="MobileDevice">Whether it counts against no product's limit.</param>
/// <param name="CookieDomain">Of the cookie that the service which opened it sets.</param>
/// <param name="Sso">The single sign-on that it came from.</param>
/// <param name="Products">For which it is enabled now.</param>
/// <param name="Mode">Web or Application; null when it carries no refresh token.</param>
/// <param name="Scopes">Of its access tokens.</param>
/// <param name="AccessTokenLifetimeSeconds">Of its access tokens; null: as the settings say.</param>
/// <param name="ExtendedBy">The service that made it by extending somebody's token; null unless it is delegated.</param>
/// <param name="ExtendedByChain">The services that narrowed it, the first one first.</param>
/// <param name="ExtendedFrom">The session that it was extended from.</param>
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
            SessionRules.IsUsable(full.Owned, now) ? full.Products : [],
            session.RefreshTokenHash is null ? null : session.Mode.ToString(),
            session.Scopes,
            (long?)session.AccessTokenLifetime?.TotalSeconds,
            session.ExtendedByChain?[^1],
            session.ExtendedByChain ?? [],
            session.ExtendedFrom);
    }
}

/// <summary>How somebody signed in elsewhere.</summary>
/// <param name="Provider">What signed them in.</param>
/// <param name="Identifier">Who they are there.</param>
internal sealed record SessionSsoResponse(string Provider, string? Identifier);

/// <param name="ItemsInTotal">On all pages.</param>
/// <param name="ItemsPerPage">As it was asked for, or 50.</param>
/// <param name="PageNumber">From 0.</param>
/// <param name="Items">The newest first.</param>
internal sealed record AdminSessionPageResponse(int ItemsInTotal, int ItemsPerPage, int PageNumber, IReadOnlyList<AdminSessionResponse> Items);

/// <param name="Revoked">How many sessions were ended.</param>
internal sealed record RevokedResponse(int Revoked);
