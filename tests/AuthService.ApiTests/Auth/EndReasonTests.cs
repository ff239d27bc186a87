using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using AuthService.ApiTests.Sessions;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>The holder of a refresh token learns for a week why its session ended.</summary>
public abstract class EndReasonTests(AuthHost host)
{
    [Theory]
    [InlineData("SIGNED_OUT", "logout")]
    [InlineData("REVOKED_BY_YOU", "DELETE /account/auth/sessions/ID")]
    [InlineData("REVOKED_BY_YOU", "DELETE /account/auth/sessions")]
    [InlineData("REVOKED_BY_YOU", "DELETE /account/auth/sessions/all")]
    [InlineData("REVOKED_BY_YOU", "DELETE /auth/sessions")]
    [InlineData("REVOKED_BY_ADMIN", "DELETE /admin/principals/PERSON/sessions")]
    [InlineData("REVOKED_BY_ADMIN", "DELETE /admin/principals/PERSON/sessions/ID")]
    [InlineData("REVOKED_BY_SERVICE", "DELETE /sessions/ID")]
    [InlineData("REVOKED_BY_SERVICE", "bulk")]
    [InlineData("REVOKED_BY_SERVICE", "oauth")]
    [InlineData("REVOKED_BY_SERVICE", "oauth, by the access token")]
    [InlineData("PASSWORD_CHANGED", "by the person")]
    [InlineData("PASSWORD_CHANGED", "by an administrator")]
    [InlineData("ACCOUNT_CHANGED", "role")]
    [InlineData("ACCOUNT_CHANGED", "disabled")]
    [InlineData("ACCOUNT_CHANGED", "deleted")]
    public async Task A_refresh_says_why_the_session_ended(string code, string how)
    {
        var person = await host.CreatePersonAsync();
        var (app, web) = (await host.LoginAsync(person), await host.LoginAsync(person, "web"));

        foreach (var session in new[] { app, web })
            await EndAsync(person, session, how);

        await ExpectAsync(host.TryRefreshAsync(app.RefreshToken), code);
        await ExpectAsync(host.PostAsync("/auth/logout", app.RefreshToken), code);
        await ExpectAsync(host.TryWebRefreshAsync(web), code);
    }

    [Fact]
    public async Task A_browser_that_signed_in_anew_has_left_its_session_before()
    {
        var person = await host.CreatePersonAsync();
        var before = await host.LoginAsync(person, "web");

        using var again = await host.TryLoginAsync(person.Id, person.Password, "web", ("Cookie", $"refreshToken={before.RefreshToken}"));
        await again.ExpectAsync(HttpStatusCode.OK);

        await ExpectAsync(host.TryWebRefreshAsync(before), "EVICTED");
    }

    /// <summary>The reason must not change when the clean-up has deleted the session.</summary>
    [Theory]
    [InlineData("IDLE", "01:00:00", "02:00:00", "1.00:00:00")]
    [InlineData("IDLE", "01:00:00", "02:00:00", "00:00:00.100")]
    [InlineData("EXPIRED", "03:00:00", "02:00:00", "1.00:00:00")]
    [InlineData("EXPIRED", "03:00:00", "02:00:00", "00:00:00.100")]
    public async Task A_session_that_time_has_ended_says_so(string code, string idle, string lifetime, string cleanUp)
    {
        await using var own = await host.StartAnotherAsync(
            new() { ["Sessions:IdleTimeout"] = idle, ["Sessions:Lifetime"] = lifetime, ["CleanUp:Interval"] = cleanUp });
        using var frozen = own.Clock.Freeze();
        var session = await own.SignedInPersonAsync();

        own.Clock.Advance(TimeSpan.FromHours(2));
        if (cleanUp.StartsWith("00", StringComparison.Ordinal))
            await UntilNoSessionsAsync(own);

        await ExpectAsync(own.TryRefreshAsync(session.RefreshToken), code);
    }

    [Fact]
    public async Task It_is_told_for_a_week()
    {
        await using var own = await host.StartAnotherAsync(new() { ["CleanUp:Interval"] = "1.00:00:00" });
        using var frozen = own.Clock.Freeze();
        var session = await own.SignedInPersonAsync();
        await own.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        own.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMilliseconds(1));
        await ExpectAsync(own.TryRefreshAsync(session.RefreshToken), "SIGNED_OUT");
        own.Clock.Advance(TimeSpan.FromMilliseconds(1));

        await ExpectAsync(own.TryRefreshAsync(session.RefreshToken), "INVALID_TOKEN");
    }

    [Fact]
    public async Task A_session_that_acts_as_somebody_ends_with_the_administrators_right()
    {
        var person = await host.CreatePersonAsync();
        var (administrator, acting) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

        await host.PatchPersonAsync(administrator, new() { ["canImpersonate"] = false });

        await ExpectAsync(host.TryRefreshAsync(acting.RefreshToken), "ACCOUNT_CHANGED");
    }

    [Fact]
    public async Task Nobody_else_learns_it()
    {
        var person = await host.CreatePersonAsync();
        var (ended, other) = (await host.LoginAsync(person, "web"), await host.LoginAsync(person, "web"));
        await host.TryWebLogoutAsync(ended).ExpectAsync(HttpStatusCode.NoContent);

        await ExpectAsync(host.TryWebRefreshAsync(ended with { CsrfToken = other.CsrfToken }), "UNAUTHENTICATED");
        await ExpectAsync(host.TryRefreshAsync($"rt_{new string('A', 43)}"), "INVALID_TOKEN");
        await ExpectAsync(host.PostAsync("/auth/logout", $"rt_{new string('A', 43)}"), "INVALID_TOKEN");
        await host.GetAsync("/auth/sessions", ended.AccessToken).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_token_endpoint_says_it_in_its_description()
    {
        var session = await host.SignedInPersonAsync();
        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        using var answer = await host.PostFormAsync("/oauth/token", [("grant_type", "refresh_token"), ("refresh_token", session.RefreshToken)]);

        var refusal = await answer.ExpectAsync(HttpStatusCode.BadRequest);
        Assert.Equal(("invalid_grant", "The session was signed out (SIGNED_OUT)"), (refusal.Text("error"), refusal.Text("error_description")));
    }

    private async Task EndAsync(Person person, SignedIn session, string how)
    {
        var (path, administrator) = (Administration.PathOf(person.Id), await host.AdminTokenAsync());
        using var done = how switch
        {
            "logout" when session.CookieName is null => await host.PostAsync("/auth/logout", session.RefreshToken),
            "logout" => await host.TryWebLogoutAsync(session),
            "bulk" => await host.PostAsync("/auth/logout/bulk", await host.NewServiceTokenAsync(), new { tokens = new[] { session.RefreshToken } }),
            "oauth" => await host.RevokeAsync(await host.NewServiceTokenAsync(), session.RefreshToken),
            "oauth, by the access token" => await host.RevokeAsync(await host.NewServiceTokenAsync(), session.AccessToken),
            "by the person" => await ChangePasswordAsync(person, session),
            "by an administrator" => await host.PutAsync($"{path}/password", administrator, new { password = NewPassword() }),
            "role" => await host.PatchAsync(path, administrator, new { role = "ADMIN" }),
            "disabled" => await host.PatchAsync(path, administrator, new { state = "DISABLED" }),
            "deleted" => await host.DeleteAsync(path, administrator),
            _ => await host.DeleteAsync(
                how.Split(' ')[1].Replace("ID", session.SessionId, StringComparison.Ordinal).Replace("PERSON", person.Id, StringComparison.Ordinal),
                how.Contains("/admin", StringComparison.Ordinal) ? administrator
                    : how.Contains(" /sessions", StringComparison.Ordinal) ? await host.NewServiceTokenAsync()
                    : (await host.LoginAsync(person)).AccessToken),
        };
    }

    /// <summary>Changes the password with a token of this session. The first change revokes every session, so a second call is refused.</summary>
    private async Task<HttpResponseMessage> ChangePasswordAsync(Person person, SignedIn session) =>
        await host.TryChangePasswordAsync(session.AccessToken, person.Password, NewPassword());

    private static async Task ExpectAsync(Task<HttpResponseMessage> refresh, string code)
    {
        using var answer = await refresh;
        Assert.Equal(code, (await answer.ExpectAsync(HttpStatusCode.Unauthorized)).Text("errorCode"));
    }

    private static async Task UntilNoSessionsAsync(AuthHost own)
    {
        for (var tries = 0; await own.Database.CountAsync("sessions") > 0; tries++)
        {
            Assert.True(tries < 600, "Expired sessions are still there");
            await Task.Delay(50);
        }
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : EndReasonTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : EndReasonTests(store.Host);
}
