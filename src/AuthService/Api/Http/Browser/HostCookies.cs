using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Browser;

/// <summary>
/// Reads and sets cookies that hold a secret and are only for this service. If the service is reached over HTTPS, even behind a proxy that ends TLS, they are
/// Secure and have the <c>__Host-</c> prefix, so that a browser accepts them from no other host or subdomain.
/// </summary>
internal sealed class HostCookies(IOptionsMonitor<PublicAddressOptions> address)
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>The public address counts: a request may come in plain from the proxy that ended TLS.</summary>
    public bool IsSecure(HttpRequest request) => request.IsHttps || address.CurrentValue.IsHttps;

    /// <summary>
    /// Reads cookies as browsers name them: split at semicolons only, names compared whole and by letter case. The framework's parser also splits at commas
    /// and skips characters that it cannot read, so a cookie that any subdomain may set (<c>x=1,__Host-device=…</c>) would pass for one with the prefix.
    /// </summary>
    /// <returns>The value of the cookie, not validated; null when there is none. Of several the last counts, which is the one with the shortest path.</returns>
    public string? Find(HttpRequest request, string plainName)
    {
        var name = NameFor(request, plainName);
        var pairs = request.Headers.Cookie.SelectMany(header => header!.Split(';')).Select(pair => pair.Split('=', 2));
        return pairs.LastOrDefault(pair => pair[0].Trim(Blanks) == name) is [_, var value] && value.Trim(Blanks) is { Length: > 0 } found ? found : null;
    }

    /// <summary>Sets a cookie. Without an expiry it is deleted when the browser is closed.</summary>
    public void Set(HttpContext context, string plainName, string value, DateTimeOffset? expires = null, TimeSpan? maxAge = null)
    {
        var attributes = Attributes(context.Request);
        (attributes.Expires, attributes.MaxAge) = (expires, maxAge);
        context.Response.Cookies.Append(NameFor(context.Request, plainName), value, attributes);
    }

    public void Clear(HttpContext context, string plainName) =>
        context.Response.Cookies.Delete(NameFor(context.Request, plainName), Attributes(context.Request));

    private string NameFor(HttpRequest request, string plainName) => IsSecure(request) ? PublicNames.SecureCookiePrefix + plainName : plainName;

    private CookieOptions Attributes(HttpRequest request) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        Secure = IsSecure(request),
    };
}
