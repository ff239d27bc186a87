using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Auth;

/// <summary>Unknown routes and methods are refused. These calls never reach the store, so one store is enough.</summary>
[Collection("sqlite")]
public sealed class RouteRefusalTests(SqliteStore store)
{
    private readonly AuthHost _host = store.Host;

    [Theory]
    [InlineData("GET", "/auth")]
    [InlineData("GET", "/auth/")]
    [InlineData("GET", "/auth/nothing")]
    [InlineData("POST", "/auth/nothing")]
    [InlineData("DELETE", "/auth/sessions/abc")]
    [InlineData("POST", "/auth/login/more")]
    [InlineData("POST", "/auth/refresh/webb")]
    [InlineData("POST", "/auth/logout%2Fweb")]
    [InlineData("POST", "/auth/%ED%A0%80")]
    [InlineData("POST", "/AUTH/nothing")]
    [InlineData("PROPFIND", "/auth/nothing")]
    public async Task An_unknown_route_is_404_in_the_words_of_this_surface(string method, string path) =>
        await _host.SendAsync(new HttpMethod(method), path).RefusedAsync(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("GET", "/auth/login", "POST")]
    [InlineData("PUT", "/auth/login", "POST")]
    [InlineData("GET", "/auth/refresh", "POST")]
    [InlineData("GET", "/auth/refresh/web", "POST")]
    [InlineData("GET", "/auth/logout", "POST")]
    [InlineData("DELETE", "/auth/logout", "POST")]
    [InlineData("GET", "/auth/logout/web", "POST")]
    [InlineData("GET", "/auth/logout/bulk", "POST")]
    [InlineData("POST", "/auth/sessions", "DELETE")]
    [InlineData("PATCH", "/auth/sessions", "GET")]
    [InlineData("NONSENSE", "/auth/login", "POST")]
    public async Task A_method_that_is_not_offered_is_405_and_says_what_is(string method, string path, string offered)
    {
        using var response = await _host.SendAsync(new HttpMethod(method), path);

        await response.RefusedAsync(HttpStatusCode.MethodNotAllowed);
        Assert.Contains(offered, string.Join(',', response.Content.Headers.Allow), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/auth/login")]
    [InlineData("POST", "/auth/refresh")]
    [InlineData("POST", "/auth/refresh/web")]
    [InlineData("POST", "/auth/logout")]
    [InlineData("POST", "/auth/logout/web")]
    [InlineData("POST", "/auth/logout/bulk")]
    [InlineData("GET", "/auth/sessions")]
    [InlineData("DELETE", "/auth/sessions")]
    [InlineData("GET", "/auth/nothing")]
    public async Task Every_refusal_has_the_headers_that_protect_a_browser(string method, string path)
    {
        using var response = await _host.SendAsync(new HttpMethod(method), path);

        Assert.InRange((int)response.StatusCode, 400, 499);
        RouteTests.ExpectProtected(response);
    }
}
