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
    private static readonly TimeSpan StateLifetime = TimeSpan.FromMinutes(1);

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
        return httpContext.Response.WriteAsync(Page(endpoint).ToString());
    }

    public static Html Page(string address) => ForwardPage.To(address, "Signed in", "Signed in. ");
}
