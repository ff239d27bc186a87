using System.Globalization;
using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Auth;

/// <summary>Signing out with the cookie revokes the session. The refusals are in <see cref="WebRefreshTests"/>, because both endpoints share them.</summary>
public abstract class WebLogoutTests(AuthHost host)
{
    [Fact]
    public async Task The_session_ends_and_the_cookie_is_cleared()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person, "web");
        var other = await host.LoginAsync(person, "web");

        using var response = await host.TryWebLogoutAsync(session);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        ExpectCleared(response);
        await host.ExpectEndedAsync(session);
        await host.UseAsync(other);
    }

    [Theory]
    [InlineData("signed out before")]
    [InlineData("expired")]
    [InlineData("revoked with all others")]
    public async Task A_session_that_is_gone_is_signed_out_all_the_same(string how)
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person, "web");
        switch (how)
        {
            case "signed out before":
                await host.TryWebLogoutAsync(session).ExpectAsync(HttpStatusCode.NoContent);
                break;
            case "expired":
                host.Clock.Advance(TimeSpan.FromDays(31));
                break;
            default:
                await host.DeleteAsync("/auth/sessions", session.AccessToken).ExpectAsync(HttpStatusCode.NoContent);
                break;
        }

        using var response = await host.TryWebLogoutAsync(session);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        ExpectCleared(response);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("rt_short")]
    public async Task A_cookie_that_no_session_ever_had_is_cleared(string cookie)
    {
        var session = await host.SignedInPersonAsync("web");

        using var response = await host.TryWebLogoutAsync(session with { RefreshToken = cookie });

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        ExpectCleared(response);
    }

    [Fact]
    public async Task A_wrong_csrf_token_ends_nothing_and_clears_nothing()
    {
        var session = await host.SignedInPersonAsync("web");

        await host.TryWebLogoutAsync(session with { CsrfToken = "wrong" }).RefusedAsync(HttpStatusCode.Unauthorized);

        await host.UseAsync(session);
    }

    private void ExpectCleared(HttpResponseMessage response)
    {
        var cookie = Assert.Single(SetCookie.AllOf(response.Headers));
        Assert.Equal(("refreshToken", ""), (cookie.Name, cookie.Value));
        Assert.Equal(["expires", "httponly", "path", "samesite"], cookie.AttributeNames());
        Assert.Equal("/", cookie.Attributes["path"]);
        Assert.True(DateTimeOffset.Parse(cookie.Attributes["expires"], CultureInfo.InvariantCulture) < host.Clock.GetUtcNow());
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : WebLogoutTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : WebLogoutTests(store.Host);
}
