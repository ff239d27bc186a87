using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Browser;

/// <summary>
/// Ends a sign-in from a plain HTML form. It hands the tokens over in a cookie that lives for a minute, and sends the browser to the page of the login service.
/// It uses no redirect status, because Safari drops cookies on those.
/// </summary>
internal sealed class ReturnPage(string endpoint, LoginResponse tokens) : IResult, IEndpointMetadataProvider
{
    private const string StateCookie = "authState";
    private const string Words = "Signed in. ";
    private static readonly TimeSpan StateLifetime = TimeSpan.FromMinutes(1);

    /// <summary>The path of a script that the page runs; null when it runs none.</summary>
    public string? Script { get; init; }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), ["text/html"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var json = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var state = JsonSerializer.Serialize(tokens, (JsonTypeInfo<LoginResponse>)json.GetTypeInfo(typeof(LoginResponse)));
        var secure = httpContext.RequestServices.GetRequiredService<HostCookies>().IsSecure(httpContext.Request);
        var attributes = new CookieOptions { Path = "/", SameSite = SameSiteMode.Strict, MaxAge = StateLifetime, Secure = secure };
        httpContext.Response.Cookies.Append(StateCookie, state, attributes); // the framework URL-encodes the value
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        return httpContext.Response.WriteAsync(Script is null ? Page(endpoint).ToString() : PageWith(Script, httpContext).ToString());
    }

    public static Html Page(string address) => ForwardPage.To(address, "Signed in", Words);

    /// <summary>The browser runs the script before it follows the refresh, which waits until the page has loaded.</summary>
    private Html PageWith(string script, HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";
        var address = $"{context.Request.PathBase.ToUriComponent()}{script}";
        return ForwardPage.To(endpoint, "Signed in", Words, Html.Of($"""<script type="module" src="{address}"></script>"""));
    }
}
