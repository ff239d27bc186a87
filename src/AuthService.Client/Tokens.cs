namespace AuthService.Client;

/// <summary>A caller's access token, narrowed for this service's use.</summary>
/// <param name="AccessToken">The narrowed token. It is a secret.</param>
/// <param name="RefreshToken">The refresh token (<c>rt_…</c>); null without <c>allowRefreshes</c>. It is a secret.</param>
/// <param name="CsrfToken">The CSRF token of the refresh token; null without <c>allowRefreshes</c>.</param>
public sealed record ExtendedToken(string AccessToken, string? RefreshToken = null, string? CsrfToken = null);

/// <summary>An access token that can be used once within half a minute.</summary>
/// <param name="AccessToken">The token. It is a secret until it is claimed.</param>
/// <param name="Jti">The id to claim before the token is used.</param>
public sealed record OneTimeToken(string AccessToken, string Jti);

/// <summary>The state of a token at this moment (RFC 7662). For a token that is not active all other members are empty.</summary>
/// <param name="Active">Whether the token is active.</param>
public sealed record TokenIntrospection(bool Active)
{
    /// <summary><c>access_token</c>, <c>refresh_token</c> or <c>app_token</c>.</summary>
    public string? TokenUse { get; init; }

    /// <summary>The id of the person or service; of an app token, that of its application.</summary>
    public string? Subject { get; init; }

    /// <summary>The scopes, one by one.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The session; null without one.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>USER, ADMIN, SERVICE or PROVIDER.</summary>
    public string? Role { get; init; }

    /// <summary>The services that extended the token, the first one first.</summary>
    public IReadOnlyList<string> ExtendedByChain { get; init; } = [];

    /// <summary>The administrator who impersonates the subject; null without an impersonation.</summary>
    public string? Actor { get; init; }

    /// <summary>The id of a one-time token that has not been claimed; null for other tokens.</summary>
    public string? Jti { get; init; }

    /// <summary>When the token was issued, in whole seconds.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>When the token expires, in whole seconds; null for a token without an expiry.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
