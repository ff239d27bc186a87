using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>A person with a requested password reset can only set a new password.</summary>
public abstract class PasswordResetTests(AuthHost host)
{
    private static readonly JsonObject Request = new() { ["passwordResetRequested"] = true };

    [Fact]
    public async Task Requesting_it_ends_the_sessions_and_the_old_password_is_good_for_setting_a_new_one_alone()
    {
        var person = await host.CreatePersonAsync();
        var (app, web) = (await host.LoginAsync(person), await host.LoginAsync(person, "web"));

        await RequestAsync(person);

        await host.ExpectEndedAsync(app);
        await host.ExpectEndedAsync(web);
        var token = await host.Http.ResetTokenAsync(person.Id, person.Password, "web");
        Assert.Equal("sign_in REFUSED a new password is requested", await LastRefusalAsync(person), ignoreCase: true);
        var chosen = NewPassword();
        await host.Http.TryResetAsync(token, chosen).ExpectAsync(HttpStatusCode.OK);
        await host.TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.Unauthorized);
        var session = await host.LoginAsync(person.Id, chosen);
        await host.GetAsync(AccountCalls.Sessions, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        Assert.False((await host.ShowAsync(person.Id)).GetProperty("passwordResetRequested").GetBoolean());
    }

    [Fact]
    public async Task A_wrong_password_is_refused_as_everybodys()
    {
        var person = await host.CreatePersonAsync();
        await RequestAsync(person);

        Assert.Equal("WRONG_CREDENTIALS", (await host.TryLoginAsync(person.Id, "wrong").ExpectAsync(HttpStatusCode.Unauthorized)).Text("errorCode"));
    }

    [Fact]
    public async Task A_token_is_good_once_also_in_parallel()
    {
        var (person, token) = await RequestedAsync();
        var passwords = Enumerable.Range(0, 8).Select(_ => NewPassword()).ToList();

        var statuses = await Task.WhenAll(passwords.Select(password => StatusAsync(host.Http.TryResetAsync(token, password))));

        Assert.Single(statuses, status => status is HttpStatusCode.OK);
        Assert.Equal(7, statuses.Count(status => status is HttpStatusCode.BadRequest));
        await host.LoginAsync(person.Id, passwords[Array.IndexOf(statuses, HttpStatusCode.OK)]);
        Assert.Equal("INVALID_TOKEN", await CodeAsync(host.Http.TryResetAsync(token, NewPassword())));
    }

    [Fact]
    public async Task It_is_good_for_ten_minutes()
    {
        using var frozen = host.Clock.Freeze();
        var (_, token) = await RequestedAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.Equal("PASSWORD_NOT_ALLOWED", await CodeAsync(host.Http.TryResetAsync(token, "password")));

        host.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("INVALID_TOKEN", await CodeAsync(host.Http.TryResetAsync(token, NewPassword())));
    }

    [Fact]
    public async Task A_refused_password_leaves_the_token_good()
    {
        var (person, token) = await RequestedAsync();

        foreach (var refused in new[] { person.Password, "short", "password123", person.Id, new string('x', 300), "" })
            Assert.Equal("PASSWORD_NOT_ALLOWED", await CodeAsync(host.Http.TryResetAsync(token, refused)));

        await host.Http.TryResetAsync(token, NewPassword()).ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"state":"DISABLED"}""")]
    [InlineData("""{"role":"ADMIN"}""")]
    [InlineData("""{"passwordResetRequested":false}""")]
    public async Task What_is_changed_meanwhile_voids_it(string change)
    {
        var (person, token) = await RequestedAsync();

        await host.PatchAsync(Administration.PathOf(person.Id), await host.AdminTokenAsync(), JsonNode.Parse(change)!).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal("INVALID_TOKEN", await CodeAsync(host.Http.TryResetAsync(token, NewPassword())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("reset_")]
    [InlineData("reset_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task An_unknown_token_is_refused(string token) =>
        Assert.Equal("INVALID_TOKEN", await CodeAsync(host.Http.TryResetAsync(token, NewPassword())));

    [Fact]
    public async Task The_body_may_be_called_plain_text()
    {
        var (_, token) = await RequestedAsync();
        var body = new JsonObject { ["token"] = token, ["newPassword"] = NewPassword() };
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "text/plain");

        await host.SendAsync(HttpMethod.Post, "/api/password/reset/new", json: content).ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"token":1}""")]
    public async Task A_body_that_is_none_is_refused(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        await host.SendAsync(HttpMethod.Post, "/api/password/reset/new", json: content).ExpectAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_password_that_an_administrator_sets_is_good_for_one_sign_in()
    {
        await using var own = await host.StartAnotherAsync(new() { ["Passwords:TemporaryWhenSetByAdministrator"] = null });
        var (admin, person) = (await own.AdminTokenAsync(), await own.CreatePersonAsync());
        await own.Http.ChoosePasswordAsync(person.Id, person.Password);

        var set = NewPassword();
        await own.PutAsync($"{Administration.PathOf(person.Id)}/password", admin, new { password = set }).ExpectAsync(HttpStatusCode.NoContent);
        await own.Http.ChoosePasswordAsync(person.Id, set);

        var changed = NewPassword();
        await own.PatchAsync(Administration.PathOf(person.Id), admin, new { password = changed }).ExpectAsync(HttpStatusCode.OK);
        await own.Http.ChoosePasswordAsync(person.Id, changed);
    }

    [Fact]
    public async Task Unless_the_call_says_otherwise()
    {
        await using var own = await host.StartAnotherAsync(new() { ["Passwords:TemporaryWhenSetByAdministrator"] = null });
        var person = await own.CreatePersonAsync(new() { ["passwordResetRequested"] = false });
        await own.LoginAsync(person);

        var password = NewPassword();
        await own.PatchAsync(Administration.PathOf(person.Id), await own.AdminTokenAsync(), new { password, passwordResetRequested = false })
            .ExpectAsync(HttpStatusCode.OK);

        await own.LoginAsync(person.Id, password);
    }

    [Fact]
    public async Task Ones_own_change_asks_for_another_password_too()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);

        var refused = await host.TryChangePasswordAsync(session.AccessToken, person.Password, person.Password).ExpectAsync(HttpStatusCode.BadRequest);

        Assert.Equal("PASSWORD_NOT_ALLOWED", refused.Text("status"));
        await host.RefreshAsync(session.RefreshToken);
    }

    private async Task<(Person Person, string Token)> RequestedAsync()
    {
        var person = await host.CreatePersonAsync();
        await RequestAsync(person);
        return (person, await host.Http.ResetTokenAsync(person.Id, person.Password));
    }

    private async Task RequestAsync(Person person) =>
        await host.PatchAsync(Administration.PathOf(person.Id), await host.AdminTokenAsync(), Request.DeepClone()).ExpectAsync(HttpStatusCode.OK);

    private async Task<string> LastRefusalAsync(Person person)
    {
        var entry = (await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={person.Id}&event=sign_in&limit=1")).Single();
        return $"{entry.Text("event")} {entry.Text("outcome")} {entry.Text("detail")}";
    }

    private static async Task<string> CodeAsync(Task<HttpResponseMessage> sending) =>
        (await sending.ExpectAsync(HttpStatusCode.BadRequest)).Text("errorCode");

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return response.StatusCode;
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : PasswordResetTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : PasswordResetTests(store.Host);
}
