using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.CommandLine;
using AuthService.ApiTests.Hosting;
using AuthService.Principals;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>After a hundred failures in a row a name stays locked until it gets a new password or an administrator unlocks it.</summary>
public abstract class LockoutStopTests(AuthHost host)
{
    private const int LongestLock = 3_125;

    [Fact]
    public async Task Neither_the_end_of_a_lock_nor_time_makes_failures_in_a_row_forgotten()
    {
        await using var own = await host.StartAnotherAsync(new() { ["CleanUp:Interval"] = "00:00:00.200" });
        using var frozen = own.Clock.Freeze();
        var person = await own.CreatePersonAsync();

        await own.FailAsync(person.Id, 3);
        own.Clock.Advance(TimeSpan.FromDays(40));
        for (var locks = 0; locks < 19; locks++)
        {
            await own.FailAsync(person.Id, 5);
            own.Clock.Advance(TimeSpan.FromSeconds(LongestLock));
        }

        await own.FailAsync(person.Id, 1);
        own.Clock.Advance(TimeSpan.FromDays(400));
        await own.FailAsync(person.Id, 1);

        foreach (var days in new[] { 0, 1, 400 })
        {
            own.Clock.Advance(TimeSpan.FromDays(days));
            Assert.Equal(LongestLock, await own.LockedForAsync(person.Id, person.Password));
            Assert.True((await own.ShowAsync(person.Id)).GetProperty("locked").GetBoolean());
        }
    }

    [Fact]
    public async Task Ninety_nine_stop_nothing_and_a_success_begins_a_new_row()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();

        for (var row = 0; row < 2; row++)
        {
            await FailInARowAsync(host, person.Id, 99);
            await host.LoginAsync(person);
        }
    }

    [Fact]
    public async Task A_passkey_is_stopped_by_a_lock_and_not_by_guesses_at_the_password()
    {
        using var frozen = host.Clock.Freeze();
        using var authenticator = new SoftwareAuthenticator();
        var (person, _) = await host.PasskeyOwnerAsync(authenticator);
        await host.FailAsync(person.Id, 5);
        await host.TryLoginAsync(authenticator).ExpectAsync(HttpStatusCode.TooManyRequests);
        host.Clock.Advance(TimeSpan.FromMinutes(5));

        await FailInARowAsync(host, person.Id, 95);

        await host.TryLoginAsync(authenticator).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(LongestLock, await host.LockedForAsync(person.Id, "wrong"));
    }

    [Fact]
    public async Task A_device_that_is_known_for_the_name_is_not_stopped()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var device = await host.SignInAtBrowserAsync(person);
        await StopAsync(host, person.Id);

        await host.SignInAtBrowserAsync(person, device);

        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.SignInAtBrowserAsync(person, device);
        Assert.Equal(LongestLock, await host.LockedForAsync(person.Id, person.Password));
    }

    [Theory]
    [InlineData("unlock")]
    [InlineData("unlock by command")]
    [InlineData("set")]
    [InlineData("patch")]
    [InlineData("set by command")]
    public async Task An_unlock_and_a_new_password_lift_it(string how)
    {
        using var frozen = host.Clock.Freeze();
        var (person, next) = (await host.CreatePersonAsync(), NewPassword());
        await StopAsync(host, person.Id);
        var (admin, path) = (await host.AdminTokenAsync(), Administration.PathOf(person.Id));

        switch (how)
        {
            case "unlock":
                await host.PostAsync($"{path}/unlock", admin).ExpectAsync(HttpStatusCode.NoContent);
                break;
            case "unlock by command":
                (await host.RunAsync(["user", "unlock", person.Id])).Expect(0);
                break;
            case "set":
                await host.PutAsync($"{path}/password", admin, new { password = next }).ExpectAsync(HttpStatusCode.NoContent);
                break;
            case "patch":
                await host.PatchAsync(path, admin, new { password = next }).ExpectAsync(HttpStatusCode.OK);
                break;
            default:
                (await host.RunAsync(["user", "password", person.Id], next)).Expect(0);
                break;
        }

        Assert.False((await host.ShowAsync(person.Id)).GetProperty("locked").GetBoolean());
        await host.FailAsync(person.Id, 4);
        await host.LoginAsync(person.Id, how.StartsWith("unlock", StringComparison.Ordinal) ? person.Password : next);
    }

    [Theory]
    [InlineData("{\"firstNames\":\"Ada\"}")]
    [InlineData("{\"role\":\"ADMIN\"}")]
    [InlineData("{\"passwordResetRequested\":true}")]
    public async Task No_other_change_does(string change)
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        await StopAsync(host, person.Id);

        await host.PatchAsync(Administration.PathOf(person.Id), await host.AdminTokenAsync(), AuthCalls.Json(change)).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(LongestLock, await host.LockedForAsync(person.Id, person.Password));
    }

    [Fact]
    public async Task A_new_password_by_token_lifts_a_lock()
    {
        using var frozen = host.Clock.Freeze();
        var (person, next) = (await host.CreatePersonAsync(new() { ["passwordResetRequested"] = true }), NewPassword());
        var token = await host.Http.ResetTokenAsync(person.Id, person.Password);
        await host.FailAsync(person.Id, 5);
        await host.LockedForAsync(person.Id, person.Password);

        await host.Http.TryResetAsync(token, next).ExpectAsync(HttpStatusCode.OK);

        await host.LoginAsync(person.Id, next);
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_stopped_in_the_same_words_and_good_for_whoever_gets_it()
    {
        using var frozen = host.Clock.Freeze();
        var (person, nobody) = (await host.CreatePersonAsync(), NewName("nobody"));

        await StopAsync(host, person.Id);
        await StopAsync(host, nobody);

        host.Clock.Advance(TimeSpan.FromDays(1));
        var known = await host.TryLoginAsync(person.Id, person.Password).RefusedAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal(known, await host.TryLoginAsync(nobody, person.Password).RefusedAsync(HttpStatusCode.TooManyRequests));
        Assert.Equal(LongestLock, await host.LockedForAsync(nobody, "wrong"));
        await host.LoginAsync(await host.CreatePersonAsync(new() { ["id"] = nobody }));
    }

    [Fact]
    public async Task Guesses_at_the_current_password_are_in_the_same_row()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        await HaveFailedAsync(host, person.Id, 99);
        var accessToken = await host.RefreshAsync(session.RefreshToken);

        await host.TryChangePasswordAsync(accessToken, "wrong", NewPassword()).AccountRefusalAsync(HttpStatusCode.Forbidden);
        using var stopped = await host.TryChangePasswordAsync(accessToken, person.Password, NewPassword());

        Assert.StartsWith("PASSWORD_LOCKED ", await Task.FromResult(stopped).AccountRefusalAsync(HttpStatusCode.TooManyRequests), StringComparison.Ordinal);
        Assert.Equal("3125", AuthCalls.HeaderOf(stopped, "Retry-After"));
    }

    [Fact]
    public async Task It_is_on_record()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();

        await StopAsync(host, person.Id);

        var entry = Assert.Single(await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={person.Id}&event=sign_in_locked"));
        Assert.Equal("after 100 failures in a row, until there is a new password or an unlock", entry.Text("detail"));
    }

    private static async Task StopAsync(AuthHost at, string name)
    {
        await HaveFailedAsync(at, name, 100);
        Assert.Equal(LongestLock, await at.LockedForAsync(name, "wrong"));
    }

    /// <summary>Fails once, writes that it was all but one of these times, and fails once more.</summary>
    private static async Task HaveFailedAsync(AuthHost at, string name, int times)
    {
        await at.FailAsync(name, 1);
        Assert.True(PrincipalName.TryParse(name, out var parsed));
        var hash = Convert.ToHexString(parsed.Hash());
        await at.Database.ExecuteAsync(
            $"UPDATE lockouts SET failures_in_a_row = {times - 1} WHERE name_hash = {(at.Database.IsPostgres ? $"'\\x{hash}'" : $"x'{hash}'")}");
        await at.FailAsync(name, 1);
        at.Clock.Advance(TimeSpan.FromMinutes(5));
    }

    /// <summary>Fails so slowly that no ordinary lock begins.</summary>
    private static async Task FailInARowAsync(AuthHost at, string name, int times)
    {
        for (var failed = 0; failed < times; failed += 4)
        {
            await at.FailAsync(name, Math.Min(4, times - failed));
            at.Clock.Advance(TimeSpan.FromMinutes(5));
        }
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : LockoutStopTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : LockoutStopTests(store.Host);
}
