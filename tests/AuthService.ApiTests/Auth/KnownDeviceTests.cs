using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.DeviceCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>A device cookie identifies the browsers that a person has signed in with.</summary>
public abstract class KnownDeviceTests(AuthHost host)
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Fact]
    public async Task The_cookie_is_hidden_from_scripts_and_other_sites_and_lasts_a_year()
    {
        await using var secure = await host.StartTwinAsync(new() { ["Jwt:Issuer"] = "https://auth.example.com" });
        var person = await host.CreatePersonAsync();

        using var overHttp = await host.TryLoginAsync(person.Id, person.Password, "web");
        using var overHttps = await secure.TryLoginAsync(person.Id, person.Password, "web");

        var (plain, bound) = (DeviceCookieOf(overHttp)!, DeviceCookieOf(overHttps)!);
        Assert.Equal(("device", "__Host-device"), (plain.Name, bound.Name));
        Assert.Equal(["httponly", "max-age", "path", "samesite"], plain.AttributeNames());
        Assert.Equal(["httponly", "max-age", "path", "samesite", "secure"], bound.AttributeNames());
        Assert.Equal(("31536000", "/"), (bound.Attributes["max-age"], bound.Attributes["path"]));
        Assert.Equal("strict", bound.Attributes["samesite"], ignoreCase: true);
        Assert.StartsWith("device_", bound.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_sign_in_of_a_browser_sets_it()
    {
        using var authenticator = new SoftwareAuthenticator();
        using var frozen = host.Clock.Freeze();
        var (owner, _) = await host.PasskeyOwnerAsync(authenticator);
        var guarded = await host.GuardedAsync();
        var challenge = await host.ChallengeAsync(guarded.Person, "web");

        using var byPasskey = await host.TryLoginAsync(authenticator, "web");
        using var byCode = await host.TryAnswerAsync(challenge, host.NextCode(guarded));
        using var byForm = await host.LoginWithAsync(
            AuthCalls.Write(AuthCalls.Writing.Form, ("username", owner.Id), ("password", owner.Password), ("service", "web")), ("Accept", "text/html"));

        Assert.All([byPasskey, byCode, byForm], answer => Assert.NotNull(DeviceCookieOf(answer)));
    }

    [Theory]
    [InlineData("app", "false")]
    [InlineData("web", "true")]
    public async Task An_application_and_a_public_computer_are_no_known_devices(string service, string publicComputer)
    {
        var person = await host.CreatePersonAsync();

        using var answer = await host.LoginWithAsync(AuthCalls.Write(
            AuthCalls.Writing.Form, ("username", person.Id), ("password", person.Password), ("service", service), ("publicComputer", publicComputer)));

        await answer.ExpectAsync(HttpStatusCode.OK);
        Assert.Null(DeviceCookieOf(answer));
        Assert.Empty(await host.DevicesAsync((await host.LoginAsync(person)).AccessToken));
    }

    [Fact]
    public async Task A_browser_keeps_its_cookie_whoever_signs_in_and_everybody_sees_their_own()
    {
        using var frozen = host.Clock.Freeze();
        var (one, other) = (await host.CreatePersonAsync(), await host.CreatePersonAsync());
        var began = host.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var device = await host.SignInAtBrowserAsync(one);
        host.Clock.Advance(TimeSpan.FromMinutes(1));

        using var again = await host.TryLoginAsync(one.Id, one.Password, "web", ("Cookie", $"device={device}"), ("User-Agent", Firefox));
        Assert.Equal(device, DeviceCookieOf(again)!.Value);
        Assert.Equal(device, await host.SignInAtBrowserAsync(other, device));
        var elsewhere = await host.SignInAtBrowserAsync(one);

        var token = (await host.LoginAsync(one)).AccessToken;
        var devices = await host.DevicesAsync(token, device);
        Assert.Equal(2, devices.Length);
        var shown = Assert.Single(devices, item => item.GetProperty("current").GetBoolean());
        Assert.Equal(["current", "firstSeenAt", "id", "ipAddress", "lastSeenAt", "name", "trustedUntil"], shown.MemberNames());
        Assert.Equal("Firefox on Linux", shown.Text("name"));
        Assert.Equal((began, began + 60_000), (shown.GetProperty("firstSeenAt").GetInt64(), shown.GetProperty("lastSeenAt").GetInt64()));
        var others = Assert.Single(await host.DevicesAsync((await host.LoginAsync(other)).AccessToken, elsewhere));
        Assert.False(others.GetProperty("current").GetBoolean());
        Assert.NotEqual(shown.Text("id"), others.Text("id"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task One_that_was_forgotten_gets_another_cookie_and_the_old_one_is_good_for_nothing()
    {
        var (person, stranger) = (await host.CreatePersonAsync(), await host.CreatePersonAsync());
        var device = await host.SignInAtBrowserAsync(person);
        var token = (await host.LoginAsync(person)).AccessToken;
        var id = Assert.Single(await host.DevicesAsync(token)).Text("id");
        await host.DeleteAsync($"{Own}/{id}", (await host.LoginAsync(stranger)).AccessToken).AccountRefusalAsync(HttpStatusCode.NotFound);

        await host.DeleteAsync($"{Own}/{id}", token).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Empty(await host.DevicesAsync(token));
        await host.DeleteAsync($"{Own}/{id}", token).AccountRefusalAsync(HttpStatusCode.NotFound);
        await host.DeleteAsync($"{Own}/none", token).AccountRefusalAsync(HttpStatusCode.NotFound);
        var entry = Assert.Single(await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={person.Id}&event=device_forgotten"));
        Assert.Equal(id, entry.Text("detail"));
        var renewed = await host.SignInAtBrowserAsync(person, device);
        Assert.NotEqual(device, renewed, StringComparer.Ordinal);
        Assert.DoesNotContain(await host.DevicesAsync(token, device), item => item.GetProperty("current").GetBoolean());
        Assert.Contains(await host.DevicesAsync(token, renewed), item => item.GetProperty("current").GetBoolean());
    }

    [Theory]
    [InlineData("change")]
    [InlineData("set")]
    [InlineData("disable")]
    [InlineData("reset")]
    public async Task None_is_known_after_a_change_that_ends_all_sessions(string how)
    {
        var person = await host.CreatePersonAsync();
        var (device, next) = (await host.SignInAtBrowserAsync(person), NewPassword());
        var (admin, path) = (await host.AdminTokenAsync(), Administration.PathOf(person.Id));

        switch (how)
        {
            case "change":
                await host.TryChangePasswordAsync((await host.LoginAsync(person)).AccessToken, person.Password, next).ExpectAsync(HttpStatusCode.NoContent);
                break;
            case "set":
                await host.PutAsync($"{path}/password", admin, new { password = next }).ExpectAsync(HttpStatusCode.NoContent);
                break;
            case "disable":
                await host.PatchAsync(path, admin, new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);
                await host.PatchAsync(path, admin, new { state = "ENABLED" }).ExpectAsync(HttpStatusCode.OK);
                next = person.Password;
                break;
            default:
                await host.PatchAsync(path, admin, new { passwordResetRequested = true }).ExpectAsync(HttpStatusCode.OK);
                next = await host.Http.ChoosePasswordAsync(person.Id, person.Password);
                break;
        }

        Assert.Empty(await host.DevicesAsync((await host.LoginAsync(person.Id, next)).AccessToken, device));
        Assert.NotEqual(device, await host.SignInAtBrowserAsync(person with { Password = next }, device), StringComparer.Ordinal);
    }

    [Fact]
    public async Task One_is_known_for_a_year_after_its_last_sign_in()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var device = await host.SignInAtBrowserAsync(person);

        host.Clock.Advance(TimeSpan.FromDays(364));
        Assert.Equal(device, await host.SignInAtBrowserAsync(person, device));
        host.Clock.Advance(TimeSpan.FromDays(364));
        Assert.Single(await host.DevicesAsync((await host.LoginAsync(person)).AccessToken));
        host.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Empty(await host.DevicesAsync((await host.LoginAsync(person)).AccessToken));
        Assert.NotEqual(device, await host.SignInAtBrowserAsync(person, device), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Of_more_than_fifty_the_oldest_are_forgotten()
    {
        var person = await host.CreatePersonAsync();
        var first = await host.SignInAtBrowserAsync(person);
        for (var i = 0; i < 50; i++)
            await host.SignInAtBrowserAsync(person);

        var devices = await host.DevicesAsync((await host.LoginAsync(person)).AccessToken, first);

        Assert.Equal(50, devices.Length);
        Assert.DoesNotContain(devices, item => item.GetProperty("current").GetBoolean());
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : KnownDeviceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : KnownDeviceTests(store.Host);
}
