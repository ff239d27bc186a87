using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>GET requests change nothing, and every response has the security headers.</summary>
public abstract class RouteTests(AuthHost host)
{
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

    [Fact]
    public async Task Every_success_has_the_headers_that_protect_a_browser()
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

    internal static void ExpectProtected(HttpResponseMessage response)
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
