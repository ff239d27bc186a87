using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>The web refresh endpoint needs cookie, CSRF token and a trusted origin. Tests that also hold for web logout run for both.</summary>
public abstract class WebRefreshTests(AuthHost host)
{
    private const string Refresh = "/auth/refresh/web";
    private const string Logout = "/auth/logout/web";

    [Fact]
    public async Task Cookie_csrf_token_and_trusted_origin_give_a_new_access_token()
    {
        var session = await host.SignedInPersonAsync("web");

        using var response = await host.TryWebRefreshAsync(session);

        var body = await response.ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(["accessToken", "csrfToken"], body.MemberNames());
        Assert.Equal(session.SessionId, Requests.ClaimsOf(body.Text("accessToken")).Text("sid"));
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.True(IsNoStore(response.Headers));
    }

    [Fact]
    public async Task The_csrf_token_that_it_gives_is_good_for_the_next_time()
    {
        var session = await host.SignedInPersonAsync("web");
        var first = await host.TryWebRefreshAsync(session).ExpectAsync(HttpStatusCode.OK);

        await host.UseAsync(session with { CsrfToken = first.Text("csrfToken") });
    }

    [Theory]
    [InlineData(Refresh)]
    [InlineData(Logout)]
    public async Task A_Referer_will_do_where_there_is_no_Origin(string route)
    {
        var session = await host.SignedInPersonAsync("web");
        (string, string)[] headers = [("Cookie", session.Cookie), ("X-CSRFToken", session.CsrfToken), ("Referer", $"{AuthHost.Origin}/page?x=1#y")];

        using var response = await host.SendAsync(HttpMethod.Post, route, headers: headers);
        Assert.True(response.IsSuccessStatusCode);
        using var blankOrigin = await host.SendAsync(HttpMethod.Post, Refresh, headers: [.. headers, ("Origin", "  ")]);
        Assert.Equal(route == Refresh ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, blankOrigin.StatusCode);
    }

    [Theory]
    [InlineData(Refresh, "Cookie")]
    [InlineData(Refresh, "X-CSRFToken")]
    [InlineData(Refresh, "Origin")]
    [InlineData(Logout, "Cookie")]
    [InlineData(Logout, "X-CSRFToken")]
    [InlineData(Logout, "Origin")]
    public async Task Missing_or_blank_cookie_header_or_origin_is_400(string route, string missing)
    {
        var session = await host.SignedInPersonAsync("web");
        var headers = SignIns.AsBrowser(session);
        var blank = missing == "Cookie" ? "refreshToken=" : "";

        await host.SendAsync(HttpMethod.Post, route, headers: [.. headers.Where(h => h.Name != missing)]).RefusedAsync(HttpStatusCode.BadRequest);
        await host.SendAsync(HttpMethod.Post, route, headers: [.. headers.Select(h => h.Name == missing ? (missing, blank) : h)])
            .RefusedAsync(HttpStatusCode.BadRequest);
        await host.UseAsync(session);
    }

    [Theory]
    [InlineData(Refresh, "no address")]
    [InlineData(Refresh, "/page")]
    [InlineData(Refresh, "about:blank")]
    [InlineData(Logout, "no address")]
    public async Task A_malformed_Referer_is_400(string route, string referer)
    {
        var session = await host.SignedInPersonAsync("web");

        await host.SendAsync(HttpMethod.Post, route, headers: [("Cookie", session.Cookie), ("X-CSRFToken", session.CsrfToken), ("Referer", referer)])
            .RefusedAsync(HttpStatusCode.BadRequest);
        await host.UseAsync(session);
    }

    [Theory]
    [InlineData(Refresh)]
    [InlineData(Logout)]
    public async Task An_untrusted_Referer_is_403(string route)
    {
        var session = await host.SignedInPersonAsync("web");
        const string other = "https://evil.example/https://app.example.com/";

        await host.SendAsync(HttpMethod.Post, route, headers: [("Cookie", session.Cookie), ("X-CSRFToken", session.CsrfToken), ("Referer", other)])
            .RefusedAsync(HttpStatusCode.Forbidden);
        await host.UseAsync(session);
    }

    [Theory]
    [InlineData(Refresh)]
    [InlineData(Logout)]
    public async Task Origin_wins_over_Referer(string route)
    {
        var session = await host.SignedInPersonAsync("web");
        (string, string) trustedPage = ("Referer", $"{AuthHost.Origin}/");
        (string, string) otherPage = ("Referer", "https://evil.example/");

        await host.SendAsync(HttpMethod.Post, route, headers: [.. SignIns.AsBrowser(session, "https://evil.example"), trustedPage])
            .RefusedAsync(HttpStatusCode.Forbidden);
        await host.SendAsync(HttpMethod.Post, route, headers: [.. SignIns.AsBrowser(session, "null"), trustedPage]).RefusedAsync(HttpStatusCode.Forbidden);
        using var allowed = await host.SendAsync(HttpMethod.Post, route, headers: [.. SignIns.AsBrowser(session), otherPage]);
        Assert.True(allowed.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData(Refresh)]
    [InlineData(Logout)]
    public async Task What_the_browser_calls_cross_site_is_403(string route)
    {
        var session = await host.SignedInPersonAsync("web");

        await host.SendAsync(HttpMethod.Post, route, headers: [.. SignIns.AsBrowser(session), ("Sec-Fetch-Site", "cross-site")])
            .RefusedAsync(HttpStatusCode.Forbidden);
        await host.SendAsync(HttpMethod.Post, Refresh, headers: [.. SignIns.AsBrowser(session), ("Sec-Fetch-Site", "same-site")])
            .ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(Refresh)]
    [InlineData(Logout)]
    public async Task The_csrf_token_of_another_session_is_401(string route)
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person, "web");
        var other = await host.LoginAsync(person, "web");
        string[] wrong = [other.CsrfToken, "nonsense", session.CsrfToken[..^1], session.CsrfToken + "A", session.RefreshToken];

        foreach (var token in wrong)
        {
            await host.SendAsync(HttpMethod.Post, route, headers: SignIns.AsBrowser(session with { CsrfToken = token }))
                .RefusedAsync(HttpStatusCode.Unauthorized);
        }

        await host.UseAsync(session);
    }

    [Fact]
    public async Task An_unknown_cookie_is_401_and_stays()
    {
        var session = await host.SignedInPersonAsync("web");
        string[] unknown = [$"rt_{new string('A', 43)}", "rt_short", "nonsense", "%00", session.RefreshToken + "A"];

        foreach (var cookie in unknown)
            await host.TryWebRefreshAsync(session with { RefreshToken = cookie }).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_cookie_of_a_session_that_is_gone_is_401_and_stays()
    {
        var session = await host.SignedInPersonAsync("web");
        await host.TryWebLogoutAsync(session).ExpectAsync(HttpStatusCode.NoContent);

        await host.TryWebRefreshAsync(session).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_of_an_application_does_not_refresh_by_cookie()
    {
        var session = await host.SignedInPersonAsync("app");

        await host.TryWebRefreshAsync(session with { CookieName = "refreshToken" }).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.UseAsync(session);
    }

    [Fact]
    public async Task A_bearer_in_place_of_the_cookie_is_400()
    {
        var session = await host.SignedInPersonAsync("web");
        (string, string)[] headers = [("X-CSRFToken", session.CsrfToken), ("Origin", AuthHost.Origin)];

        await host.SendAsync(HttpMethod.Post, Refresh, bearer: session.RefreshToken, headers: headers).RefusedAsync(HttpStatusCode.BadRequest);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : WebRefreshTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : WebRefreshTests(store.Host);
}
