using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>What is there and what is not, and what every answer has.</summary>
public abstract class RouteTests(AuthHost host)
{
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
        await host.SendAsync(new HttpMethod(method), path).RefusedAsync(HttpStatusCode.NotFound);

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
        using var response = await host.SendAsync(new HttpMethod(method), path);

        await response.RefusedAsync(HttpStatusCode.MethodNotAllowed);
        Assert.Contains(offered, string.Join(',', response.Content.Headers.Allow), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_changes_on_GET()
    {
        var session = await host.SignedInPersonAsync("web");

        foreach (var path in new[] { "/auth/logout", "/auth/logout/web", "/auth/logout/bulk" })
        {
            await host.SendAsync(HttpMethod.Get, path, session.AccessToken, headers: SignIns.AsBrowser(session))
                .RefusedAsync(HttpStatusCode.MethodNotAllowed);
        }

        await host.UseAsync(session);
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
        using var response = await host.SendAsync(new HttpMethod(method), path);

        Assert.InRange((int)response.StatusCode, 400, 499);
        ExpectProtected(response);
    }

    [Fact]
    public async Task Every_success_has_them_too()
    {
        var person = await host.CreatePersonAsync();
        using var login = await host.TryLoginAsync(person.Id, person.Password);
        var session = await host.LoginAsync(person, "web");
        using var refreshed = await host.TryWebRefreshAsync(session);
        using var listed = await host.GetAsync("/auth/sessions", session.AccessToken);
        using var page = await host.LoginWithAsync(
            Write(Writing.Form, ("username", person.Id), ("password", person.Password), ("service", "web")), ("Accept", "text/html"));
        using var signedOut = await host.TryWebLogoutAsync(session);

        HttpResponseMessage[] answers = [login, refreshed, listed, page, signedOut];
        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode));
        Assert.All(answers, ExpectProtected);
    }

    private static void ExpectProtected(HttpResponseMessage response)
    {
        Assert.True(IsNoStore(response.Headers));
        Assert.Equal("nosniff", HeaderOf(response, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", HeaderOf(response, "Referrer-Policy"));
        Assert.Contains("frame-ancestors 'none'", HeaderOf(response, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", HeaderOf(response, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RouteTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RouteTests(store.Host);
}
