namespace AuthService.Sessions.Lists;

/// <summary>A session as its owner sees it in a list.</summary>
/// <param name="Id">The id of the session.</param>
/// <param name="IpAddress">The address from which the person signed in.</param>
/// <param name="UserAgent">The user agent as the browser sent it.</param>
/// <param name="Location">The location as a reverse proxy reported it.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="LastUsedAt">When it was last used.</param>
/// <param name="ExpireAt">When it expires; use does not move this.</param>
/// <param name="ExtendedBy">The id of the service that extended it last; null unless it is delegated.</param>
/// <param name="Actor">The id of the administrator who impersonates in it; null when it does not impersonate.</param>
/// <param name="ActorService">The id of the service that impersonates on the administrator's behalf; null when the administrator does it directly.</param>
internal sealed record SessionListItem(
    Guid Id,
    string? IpAddress,
    string? UserAgent,
    string? Location,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUsedAt,
    DateTimeOffset ExpireAt,
    string? ExtendedBy,
    string? Actor,
    string? ActorService);
