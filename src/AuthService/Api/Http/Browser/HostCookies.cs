using AuthService.Tokens;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AuthService.Api.Http.Browser;

/// <summary>
/// Cookies that hold a secret, for this service alone. When it is reached over HTTPS, also behind a proxy that ends TLS, they are Secure
/// and have the <c>__Host-</c> prefix, with which a browser takes them from no other host or subdomain.
/// </summary>
internal sealed class HostCookies(IOptionsMonitor<PublicAddressOptions> address)
{
    /// <summary>The public address counts: a request may come in plain from the proxy that ended TLS.</summary>
    public bool IsSecure(HttpRequest request) => request.IsHttps || address.CurrentValue.IsHttps;

    /// <returns>The text of the cookie, whatever it is; null when there is none.</returns>
    public string? Find(HttpRequest request, string plainName)
    {
        var name = NameFor(request, plainName);
        // Not the framework's collection, which takes names in any letter case.
        return CookieHeaderValue.TryParseList(request.Headers.Cookie, out var cookies)
            && cookies.LastOrDefault(cookie => cookie.Name == name) is { Value.Length: > 0 } found ? found.Value.ToString() : null;
    }

    /// <summary>It ends with the browser unless it is said when.</summary>
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
