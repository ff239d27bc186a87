using AuthService.Sessions;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

/// <summary>
/// The cookie that holds the refresh token of a browser. Nothing else reads or writes it. When this service is reached
/// over HTTPS, also behind a proxy that ends TLS, it is Secure and has the <c>__Host-</c> prefix, with which a browser
/// takes it from no other host or subdomain.
/// </summary>
internal sealed class RefreshCookie(IOptionsMonitor<JwtOptions> options)
{
    private const string PlainName = "refreshToken";
    private const string SecureName = "__Host-refreshToken";

    /// <summary>The issuer is the public address: a request may come in plain from the proxy that ended TLS.</summary>
    public bool IsSecure(HttpRequest request) => request.IsHttps || options.CurrentValue.Issuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <returns>The text of the cookie, whatever it is; null when there is none.</returns>
    public string? Find(HttpRequest request) => request.Cookies[NameFor(request)] is { Length: > 0 } text ? text : null;

    /// <summary>On a public computer it ends with the browser, otherwise with the session.</summary>
    public void Set(HttpContext context, StartedSession started)
    {
        var attributes = Attributes(context.Request);
        attributes.Expires = started.Session.PublicComputer ? null : started.Session.ExpireAt;
        context.Response.Cookies.Append(NameFor(context.Request), started.RefreshToken.Reveal(), attributes);
    }

    public void Clear(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request), Attributes(context.Request));

    /// <summary>For calls that are made with an access token and may carry the cookie of the session that they have ended.</summary>
    public void ClearIfSent(HttpContext context)
    {
        if (Find(context.Request) is not null)
            Clear(context);
    }

    private string NameFor(HttpRequest request) => IsSecure(request) ? SecureName : PlainName;

    private CookieOptions Attributes(HttpRequest request) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        Secure = IsSecure(request),
    };
}
