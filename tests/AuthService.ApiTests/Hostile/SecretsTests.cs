using System.Net;
using System.Text;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Hostile;

/// <summary>No secret that people and services sign in with or receive is stored or logged, in any call that succeeds or fails.</summary>
public abstract class SecretsTests(Store store)
{
    private const string WrongPassword = "Wr0ng+Canary/Pass=word é%1";

    [Fact]
    public async Task No_secret_of_a_sign_in_is_left_anywhere()
    {
        await using var traced = await StartAsync();
        var (host, person) = (traced.Host, await traced.NewPersonAsync());
        using var frozen = host.Clock.Freeze(); // the lock does not expire during the test

        traced.Secrets.Add("app", await host.LoginAsync(person)).Add("web", await host.LoginAsync(person, "web"));
        await host.TryLoginAsync(person.Id, WrongPassword).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.TryLoginAsync(NewName("nobody"), WrongPassword).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.TryLoginAsync(WrongPassword, WrongPassword).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.TryLoginAsync(person.Id, WrongPassword, headers: ("Origin", "https://evil.example")).ExpectAsync(HttpStatusCode.Forbidden);
        await host.TryLoginAsync(person.Id, WrongPassword, service: "unknown").ExpectAsync(HttpStatusCode.BadRequest);
        await host.PostAsync("/auth/login", json: Broken(WrongPassword)).ExpectAsync(HttpStatusCode.BadRequest);
        await host.PostAsync("/auth/login", json: new { username = person.Id, password = new[] { WrongPassword } }).ExpectAsync(HttpStatusCode.BadRequest);
        await host.FailAsync(person.Id, times: 4);
        await host.TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.TooManyRequests);

        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task No_secret_of_a_session_is_left_anywhere()
    {
        await using var traced = await StartAsync();
        var (host, person) = (traced.Host, await traced.NewPersonAsync());
        var (app, web) = (await host.LoginAsync(person), await host.LoginAsync(person, "web"));
        traced.Secrets.Add("app", app).Add("web", web);

        traced.Secrets.AddJwt("refreshed", await host.RefreshAsync(app.RefreshToken));
        traced.Secrets.AddJwt("web refreshed", (await host.TryWebRefreshAsync(web).ExpectAsync(HttpStatusCode.OK)).Text("accessToken"));
        await host.TryWebRefreshAsync(web with { CsrfToken = app.CsrfToken }).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.SendAsync(HttpMethod.Post, "/auth/refresh/web", headers: SignIns.AsBrowser(web, "https://evil.example"))
            .ExpectAsync(HttpStatusCode.Forbidden);
        await host.TryRefreshAsync(web.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.TryRefreshAsync(app.RefreshToken + "x").ExpectAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync("/auth/sessions", app.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await host.GetAsync(AccountCalls.Sessions, app.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await host.GetAsync("/auth/sessions", app.AccessToken + "x").ExpectAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync("/auth/sessions", app.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync("/admin/principals", app.AccessToken).ExpectAsync(HttpStatusCode.Forbidden);
        await traced.ExpectNothingLeakedAsync();
        await host.PostAsync("/auth/logout", app.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await host.PostAsync("/auth/logout", app.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.TryWebLogoutAsync(web).ExpectAsync(HttpStatusCode.NoContent);
        await host.GetAsync("/auth/sessions", web.AccessToken).ExpectAsync(HttpStatusCode.Unauthorized);

        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task No_secret_of_a_delegation_is_left_anywhere()
    {
        await using var traced = await StartAsync();
        var (host, service) = (traced.Host, await traced.Host.CreateServiceAsync("_svc"));
        var (user, token) = (await host.LoginAsync(await traced.NewPersonAsync()), await host.ServiceTokenAsync(service.RefreshToken));
        traced.Secrets.Add("user", user).AddToken("service refresh token", service.RefreshToken).AddJwt("service", token);

        var oneTime = await host.PostAsync("/auth/request?audience=files:read", user.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await host.TryClaimAsync(token, oneTime.Text("jti")).ExpectAsync(HttpStatusCode.NoContent);
        await host.TryClaimAsync(token, oneTime.Text("jti")).ExpectAsync(HttpStatusCode.Conflict);
        var extended = await host.DelegateAsync(token, user.AccessToken, "files:read");
        await host.TryExtendAsync(token, user.AccessToken, ["jobs:read"]).ExpectAsync(HttpStatusCode.Forbidden);
        await host.TryExtendAsync(token, user.AccessToken + "x", ["files:read"]).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.TryExtendAsync(token, oneTime.Text("accessToken"), ["files:read"]).ExpectAsync(HttpStatusCode.Unauthorized);
        await traced.ExpectNothingLeakedAsync();
        await host.PostAsync("/auth/logout/bulk", token, new { tokens = new[] { extended.RefreshToken, user.RefreshToken } })
            .ExpectAsync(HttpStatusCode.NoContent);
        traced.Secrets.AddJwt("one-time token", oneTime.Text("accessToken"))
            .Add("extended", new SignedIn(extended.AccessToken, extended.CsrfToken, extended.RefreshToken, CookieName: null));

        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task No_secret_of_a_change_of_password_is_left_anywhere()
    {
        await using var traced = await StartAsync();
        var (host, person, changed, set) = (traced.Host, await traced.NewPersonAsync(), traced.NewPassword(), traced.NewPassword());
        var admin = await host.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        var session = await host.LoginAsync(person);
        traced.Secrets.Add("admin", admin).Add("before the change", session);

        await host.TryChangePasswordAsync(session.AccessToken, WrongPassword, changed).ExpectAsync(HttpStatusCode.Forbidden);
        await host.TryChangePasswordAsync(session.AccessToken, person.Password, $"{person.Id} é").AccountRefusalAsync(HttpStatusCode.BadRequest);
        await host.TryChangePasswordAsync(session.AccessToken, person.Password, changed).ExpectAsync(HttpStatusCode.NoContent);
        traced.Secrets.Add("after the change", await host.LoginAsync(person.Id, changed));
        await host.PutAsync($"/admin/principals/{person.Id}/password", admin.AccessToken, new { password = "weak-word" })
            .ExpectAsync(HttpStatusCode.BadRequest);
        await host.PutAsync($"/admin/principals/{person.Id}/password", admin.AccessToken, new { password = set }).ExpectAsync(HttpStatusCode.NoContent);
        await host.PostAsync("/admin/principals", admin.AccessToken, new { id = person.Id, password = WrongPassword }).ExpectAsync(HttpStatusCode.Conflict);
        await host.PatchAsync($"/admin/principals/{person.Id}", admin.AccessToken, new { passwordResetRequested = true }).ExpectAsync(HttpStatusCode.OK);
        var (token, chosen) = (await host.Http.ResetTokenAsync(person.Id, set), traced.NewPassword());
        traced.Secrets.Add("for a new password", token);
        await host.Http.TryResetAsync(token, chosen).ExpectAsync(HttpStatusCode.OK);

        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task No_secret_of_a_known_device_is_left_anywhere()
    {
        await using var traced = await StartAsync();
        var (host, person) = (traced.Host, await traced.NewPersonAsync());
        var device = await host.SignInAtBrowserAsync(person);
        traced.Secrets.AddToken("device", device);
        var token = (await host.LoginAsync(person)).AccessToken;

        await host.TryLoginFromAsync(device, person.Id, WrongPassword).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.TryLoginFromAsync(device + "x", person.Id, WrongPassword).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync(DeviceCalls.Own, device).ExpectAsync(HttpStatusCode.Unauthorized);
        var id = Assert.Single(await host.DevicesAsync(token, device)).Text("id");
        await host.DeleteAsync($"{DeviceCalls.Own}/{id}", token).ExpectAsync(HttpStatusCode.NoContent);
        traced.Secrets.AddToken("the next device", await host.SignInAtBrowserAsync(person, device));

        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task No_secret_is_left_anywhere_when_the_database_fails()
    {
        await using var traced = await StartAsync();
        var (host, person) = (traced.Host, await traced.NewPersonAsync());
        var (app, web) = (await host.LoginAsync(person), await host.LoginAsync(person, "web"));
        traced.Secrets.Add("app", app).Add("web", web);

        await host.Database.ExecuteAsync("ALTER TABLE sessions RENAME TO sessions_gone");
        await host.TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.ServiceUnavailable);
        await host.TryRefreshAsync(app.RefreshToken).ExpectAsync(HttpStatusCode.ServiceUnavailable);
        await host.TryWebRefreshAsync(web).ExpectAsync(HttpStatusCode.ServiceUnavailable);
        await host.TryWebLogoutAsync(web).ExpectAsync(HttpStatusCode.ServiceUnavailable);
        await host.GetAsync("/auth/sessions", app.AccessToken).ExpectAsync(HttpStatusCode.ServiceUnavailable);

        Assert.Contains(host.Log.Lines, line => line.Contains("Exception", StringComparison.Ordinal));
        await traced.ExpectNothingLeakedAsync();
    }

    private async Task<TracedHost> StartAsync()
    {
        var traced = await TracedHost.StartAsync(store);
        traced.Secrets.Add("wrong password", WrongPassword);
        return traced;
    }

    private static StringContent Broken(string password) => new($$"""{"username": "a", "password": "{{password}}", """, Encoding.UTF8, "application/json");

    public sealed class OnSqlite() : SecretsTests(Store.Sqlite);

    public sealed class OnPostgres() : SecretsTests(Store.Postgres);
}
