using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Account;

/// <summary>People change their own password, and need the current one for it.</summary>
public abstract class ChangePasswordTests(AuthHost host)
{
    [Fact]
    public async Task The_new_password_signs_in_and_the_old_one_does_not()
    {
        var (person, next) = (await host.CreatePersonAsync(), NewPassword());
        var session = await host.LoginAsync(person);

        using var answer = await host.TryChangePasswordAsync(session.AccessToken, person.Password, next);

        await answer.ExpectAsync(HttpStatusCode.NoContent);
        await host.TryLoginAsync(person.Id, person.Password).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.LoginAsync(person.Id, next);
    }

    [Fact]
    public async Task It_is_changed_where_the_web_client_expects_it_too()
    {
        var (person, next) = (await host.CreatePersonAsync(), NewPassword());
        var session = await host.LoginAsync(person);

        var wrong = await host.PostAsync(AccountCalls.UserPassword, session.AccessToken, new { currentPassword = "wrong", newPassword = next })
            .ExpectAsync(HttpStatusCode.Forbidden);
        await host.PostAsync(AccountCalls.UserPassword, session.AccessToken, new { currentPassword = person.Password, newPassword = next })
            .ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(("WRONG_PASSWORD", "The current password is not right"), (wrong.Text("errorCode"), wrong.Text("why")));
        await host.ExpectEndedAsync(session);
        await host.LoginAsync(person.Id, next);
    }

    [Fact]
    public async Task Every_session_ends_the_current_and_the_delegated_one_included()
    {
        var person = await host.CreatePersonAsync();
        var (current, other) = (await host.LoginAsync(person, "web"), await host.LoginAsync(person));
        var delegated = await host.DelegateAsync(current.AccessToken);

        var passwords = new { currentPassword = person.Password, newPassword = NewPassword() };
        using var answer = await host.SendAsync(HttpMethod.Put, AccountCalls.Password, current.AccessToken, passwords, ("Cookie", current.Cookie));

        await answer.ExpectAsync(HttpStatusCode.NoContent);
        Assert.Equal("", SignIns.RefreshCookieOf(answer)!.Value);
        await host.ExpectEndedAsync(current);
        await host.ExpectEndedAsync(other);
        await host.TryRefreshAsync(delegated.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_wrong_current_password_changes_nothing()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);

        var refusal = await host.TryChangePasswordAsync(session.AccessToken, "wrong", NewPassword()).AccountRefusalAsync(HttpStatusCode.Forbidden);

        Assert.StartsWith("WRONG_PASSWORD ", refusal, StringComparison.Ordinal);
        await host.RefreshAsync(session.RefreshToken);
        await host.LoginAsync(person);
    }

    /// <summary>If these attempts counted, they would lock the name. The person could then no longer sign in through their provider.</summary>
    [Fact]
    public async Task Who_has_no_password_is_told_so_and_not_counted()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        await host.Database.ExecuteAsync($"UPDATE principals SET password_hash = NULL WHERE id = '{person.Id}'");

        for (var attempt = 0; attempt < 6; attempt++)
        {
            var refusal = await host.TryChangePasswordAsync(session.AccessToken, "wrong", NewPassword()).AccountRefusalAsync(HttpStatusCode.Conflict);
            Assert.StartsWith("NO_PASSWORD There is no password to change", refusal, StringComparison.Ordinal);
        }

        Assert.False((await host.ShowAsync(person.Id)).GetProperty("locked").GetBoolean());
        await host.RefreshAsync(session.RefreshToken);
    }

    [Fact]
    public async Task Wrong_ones_lock_the_name_here_and_at_the_sign_in()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        await host.FailAsync(person.Id, 2);

        for (var guess = 0; guess < 3; guess++)
            await host.TryChangePasswordAsync(session.AccessToken, "wrong", NewPassword()).AccountRefusalAsync(HttpStatusCode.Forbidden);
        using var locked = await host.TryChangePasswordAsync(session.AccessToken, person.Password, NewPassword());

        Assert.StartsWith("PASSWORD_LOCKED ", await Task.FromResult(locked).AccountRefusalAsync(HttpStatusCode.TooManyRequests), StringComparison.Ordinal);
        Assert.Equal("5", AuthCalls.HeaderOf(locked, "Retry-After"));
        Assert.Equal(5, await host.LockedForAsync(person.Id, person.Password));
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await host.TryChangePasswordAsync(session.AccessToken, person.Password, NewPassword()).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("short1!")]
    [InlineData("password1")]
    public async Task What_the_policy_says_of_the_new_one_is_passed_on(string next)
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);

        var refusal = await host.TryChangePasswordAsync(session.AccessToken, person.Password, next).AccountRefusalAsync(HttpStatusCode.BadRequest);

        Assert.StartsWith("PASSWORD_NOT_ALLOWED The password ", refusal, StringComparison.Ordinal);
        await host.RefreshAsync(session.RefreshToken);
    }

    [Theory]
    [InlineData("{}", "currentPassword")]
    [InlineData("""{"currentPassword":"","newPassword":"violet anchor biscuit"}""", "currentPassword")]
    [InlineData("""{"currentPassword":"x"}""", "newPassword")]
    [InlineData("""{"currentPassword":"x","newPassword":""}""", "newPassword")]
    public async Task A_missing_one_is_named_and_counts_as_no_attempt(string body, string field)
    {
        var session = await host.SignedInPersonAsync();

        for (var attempt = 0; attempt < 6; attempt++)
        {
            var refusal = await host.PutAsync(AccountCalls.Password, session.AccessToken, AuthCalls.Json(body)).AccountRefusalAsync(HttpStatusCode.BadRequest);
            Assert.StartsWith($"BAD_REQUEST {field} ", refusal, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_administrator_who_acts_as_somebody_cannot_change_their_password()
    {
        var person = await host.CreatePersonAsync();
        var (_, acting) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

        var refusal = await host.TryChangePasswordAsync(await host.RefreshAsync(acting.RefreshToken), person.Password, NewPassword())
            .AccountRefusalAsync(HttpStatusCode.Forbidden);

        Assert.StartsWith("IMPERSONATED ", refusal, StringComparison.Ordinal);
        await host.LoginAsync(person);
    }

    [Fact]
    public async Task It_is_on_record_whatever_came_of_it()
    {
        var (admin, person) = (await host.AdminTokenAsync(), await host.CreatePersonAsync());
        var session = await host.LoginAsync(person);

        var refused = await host.RowsOfAsync(admin, () => host.TryChangePasswordAsync(session.AccessToken, "wrong", NewPassword()), HttpStatusCode.Forbidden);
        var changed = await host.RowsOfAsync(
            admin, () => host.TryChangePasswordAsync(session.AccessToken, person.Password, NewPassword()), HttpStatusCode.NoContent);

        Assert.Equal($"{person.Id} password_set {person.Id} REFUSED", Assert.Single(refused).Line(), ignoreCase: true);
        Assert.Equal($"{person.Id} password_set {person.Id} SUCCESS", Assert.Single(changed).Line(), ignoreCase: true);
    }

    [Fact]
    public async Task An_address_has_as_many_attempts_as_at_the_sign_in()
    {
        var session = await host.SignedInPersonAsync();
        await using var limited = await host.StartTwinAsync(new() { ["RateLimits:Enabled"] = "true", ["RateLimits:LoginPerIpPerMinute"] = "2" });
        using var frozen = host.Clock.Freeze();

        for (var attempt = 0; attempt < 2; attempt++)
            await limited.TryChangePasswordAsync(session.AccessToken, "wrong", NewPassword()).AccountRefusalAsync(HttpStatusCode.Forbidden);
        var refusal = await limited.TryChangePasswordAsync(session.AccessToken, "wrong", NewPassword()).AccountRefusalAsync(HttpStatusCode.TooManyRequests);

        Assert.StartsWith("TOO_MANY_REQUESTS ", refusal, StringComparison.Ordinal);
        await limited.MySessionsAsync(session.AccessToken);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ChangePasswordTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ChangePasswordTests(store.Host);
}
