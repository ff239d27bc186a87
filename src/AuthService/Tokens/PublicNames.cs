namespace AuthService.Tokens;

/// <summary>What browsers and other services see of this one: the APIs serve it, and <c>doctor</c> checks it from outside.</summary>
internal static class PublicNames
{
    public const string RefreshCookie = "refreshToken";
    public const string DeviceCookie = "device";
    public const string ProviderCookie = "provider";

    /// <summary>With it a browser takes the cookie from no other host or subdomain, and over HTTPS alone.</summary>
    public const string SecureCookiePrefix = "__Host-";

    public const string CsrfHeader = "X-CSRFToken";

    public const string AuthPrefix = "/auth";
    public const string WebLogout = "/logout/web";

    /// <summary>Of the Account API, and the page for people.</summary>
    public const string AccountPath = "/account";

    public const string WellKnownPrefix = "/.well-known";
    public const string Keys = "/jwks.json";
}
