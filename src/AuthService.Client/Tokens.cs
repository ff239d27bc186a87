namespace AuthService.Client;

/// <summary>Somebody's access token, narrowed for this service's use.</summary>
/// <param name="AccessToken">The narrowed token. A secret.</param>
/// <param name="RefreshToken">Renews it (<c>rt_…</c>, by bearer); only with <c>allowRefreshes</c>. A secret.</param>
/// <param name="CsrfToken">Belongs to the refresh token; only with <c>allowRefreshes</c>.</param>
public sealed record ExtendedToken(string AccessToken, string? RefreshToken = null, string? CsrfToken = null);

/// <summary>An access token that is good for one use within half a minute.</summary>
/// <param name="AccessToken">The token. A secret until it is claimed.</param>
/// <param name="Jti">What is claimed.</param>
public sealed record OneTimeToken(string AccessToken, string Jti);

/// <summary>What AuthService knows of a token at this moment (RFC 7662). Of one that is not active nothing else is said.</summary>
/// <param name="Active">Whether the token is good for anything at this moment.</param>
public sealed record TokenIntrospection(bool Active)
{
    /// <summary><c>access_token</c>, <c>refresh_token</c> or <c>app_token</c>.</summary>
    public string? TokenUse { get; init; }

    /// <summary>The id of the person or service, or of the application whose app token it is.</summary>
    public string? Subject { get; init; }

    /// <summary>The scopes, one by one.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The session; null without one.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>USER, ADMIN, SERVICE or PROVIDER.</summary>
    public string? Role { get; init; }

    /// <summary>The services that extended the token, the first one first.</summary>
    public IReadOnlyList<string> ExtendedByChain { get; init; } = [];

    /// <summary>The administrator who impersonates the subject; null when nobody does.</summary>
    public string? Actor { get; init; }

    /// <summary>Only of a one-time token that nobody has claimed.</summary>
    public string? Jti { get; init; }

    /// <summary>When it was issued, to the second.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>When it ends, to the second; null for what does not end by itself.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
