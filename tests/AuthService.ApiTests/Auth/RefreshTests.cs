using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;

namespace AuthService.ApiTests.Auth;

public abstract class RefreshTests(AuthHost host)
{
    public static TheoryData<string?> NoRefreshTokens { get; } =
    [
        null,
        "",
        "Bearer",
        "Bearer ",
        "Bearer rt_",
        "Bearer nonsense",
        $"Bearer rt_{new string('A', 42)}",
        $"Bearer rt_{new string('A', 43)}",
        $"Bearer rt_{new string('A', 44)}",
        $"Bearer rt_{new string('!', 43)}",
        $"Bearer RT_{new string('A', 43)}",
        $"Bearer {new string('A', 4000)}",
        $"Basic rt_{new string('A', 43)}",
    ];

    [Fact]
    public async Task A_refresh_token_gives_a_new_access_token_and_nothing_else()
    {
        var session = await host.SignedInPersonAsync();

        using var response = await host.TryRefreshAsync(session.RefreshToken);

        var body = await response.ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(["accessToken"], body.MemberNames());
        Assert.Equal(session.SessionId, Requests.ClaimsOf(body.Text("accessToken")).Text("sid"));
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.True(IsNoStore(response.Headers));
    }

    [Fact]
    public async Task A_refresh_token_can_be_used_again_and_again()
    {
        var session = await host.SignedInPersonAsync();

        for (var i = 0; i < 5; i++)
            await host.SessionsAsync(await host.RefreshAsync(session.RefreshToken));
    }

    [Theory]
    [MemberData(nameof(NoRefreshTokens))]
    public async Task What_is_no_refresh_token_is_refused(string? authorization)
    {
        (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];

        await host.SendAsync(HttpMethod.Post, "/auth/refresh", headers: headers).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.SendAsync(HttpMethod.Post, "/auth/logout", headers: headers).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_refresh_token_with_one_character_changed_is_refused()
    {
        var session = await host.SignedInPersonAsync();
        var changed = session.RefreshToken[..^2] + (session.RefreshToken[^2] == 'A' ? 'B' : 'A') + session.RefreshToken[^1];

        await host.TryRefreshAsync(changed).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.RefreshAsync(session.RefreshToken);
    }

    [Fact]
    public async Task An_access_token_does_not_refresh()
    {
        var session = await host.SignedInPersonAsync();

        await host.TryRefreshAsync(session.AccessToken).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_refresh_token_is_no_access_token()
    {
        var session = await host.SignedInPersonAsync();

        await host.GetAsync("/auth/sessions", session.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_of_a_browser_does_not_refresh_by_bearer()
    {
        var session = await host.SignedInPersonAsync("web");

        await host.TryRefreshAsync(session.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.UseAsync(session);
    }

    [Fact]
    public async Task A_cookie_alone_does_not_refresh()
    {
        var session = await host.SignedInPersonAsync("web");

        await host.SendAsync(HttpMethod.Post, "/auth/refresh", headers: SignIns.AsBrowser(session)).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("text/plain", "")]
    [InlineData("text/plain", "null")]
    [InlineData("application/x-www-form-urlencoded", "a=b")]
    [InlineData("application/json", "null")]
    [InlineData("application/json", "{broken")]
    public async Task A_stray_body_is_passed_over(string contentType, string body)
    {
        var session = await host.SignedInPersonAsync();
        HttpContent Stray() => Raw(System.Text.Encoding.UTF8.GetBytes(body), contentType);

        await host.PostAsync("/auth/refresh", session.RefreshToken, Stray()).ExpectAsync(HttpStatusCode.OK);
        await host.SendAsync(HttpMethod.Get, "/auth/sessions", session.AccessToken, Stray()).ExpectAsync(HttpStatusCode.OK);
        await host.PostAsync("/auth/logout", session.RefreshToken, Stray()).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RefreshTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RefreshTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : RefreshTests(store.Host);
}
