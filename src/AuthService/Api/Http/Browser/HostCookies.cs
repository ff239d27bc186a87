using AuthService.Tokens;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AuthService.Api.Http.Browser;

/// <summary>
/// Reads and sets cookies that hold a secret and are only for this service. If the service is reached over HTTPS, even behind a proxy that ends TLS, they are
/// Secure and have the <c>__Host-</c> prefix, so that a browser accepts them from no other host or subdomain.
/// </summary>
internal sealed class HostCookies(IOptionsMonitor<PublicAddressOptions> address)
{
    /// <summary>The public address counts: a request may come in plain from the proxy that ended TLS.</summary>
    public bool IsSecure(HttpRequest request) => request.IsHttps || address.CurrentValue.IsHttps;

    /// <summary>Finds a cookie by its whole name and letter case, which the framework's collection ignores. Of several the last counts.</summary>
    /// <returns>The value, not validated; null when there is no such cookie.</returns>
    public string? Find(HttpRequest request, string plainName)
    {
        var name = NameFor(request, plainName);
        return CookieHeaderValue.TryParseList(request.Headers.Cookie, out var cookies)
            && cookies.LastOrDefault(cookie => cookie.Name == name) is { Value.Length: > 0 } found ? found.Value.ToString() : null;
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
        SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict,
        Path = "/",
        Secure = IsSecure(request),
    };
}
