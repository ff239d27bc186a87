namespace AuthService.Tokens;

/// <summary>The names that browsers and other services see. The APIs use them, and <c>doctor</c> checks them from outside.</summary>
internal static class PublicNames
{
    public const string RefreshCookie = "refreshToken";
    public const string DeviceCookie = "device";
    public const string ProviderCookie = "provider";

    /// <summary>With this prefix a browser accepts the cookie only over HTTPS and only from this host, not from another host or subdomain.</summary>
    public const string SecureCookiePrefix = "__Host-";

    public const string CsrfHeader = "X-CSRFToken";

    public const string AuthPrefix = "/auth";
    public const string WebLogout = "/logout/web";

    /// <summary>The path of the Account API and of the page for people.</summary>
    public const string AccountPath = "/account";

    public const string WellKnownPrefix = "/.well-known";
    public const string Keys = "/jwks.json";
}
