using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>A changed password or role revokes every session and token of a principal, and so does disabling or deleting it.</summary>
public abstract class RevokedByChangeTests(AuthHost host)
{
    private const string NewSecret = "Zebra-41-Lantern-Quartz!";

    [Theory]
    [InlineData("password")]
    [InlineData("role")]
    [InlineData("disable")]
    [InlineData("delete")]
    public async Task Every_session_and_token_ends_the_delegated_ones_included(string change)
    {
        var person = await host.CreatePersonAsync();
        SignedIn[] sessions = [await host.LoginAsync(person), await host.LoginAsync(person, "web")];
        var delegated = await host.DelegateAsync(sessions[0].AccessToken);
        var narrowed = await host.NarrowAsync(sessions[0].AccessToken);
        var stranger = await host.SignedInPersonAsync();

        await ChangeAsync(person, change);

        foreach (var session in sessions)
            await host.ExpectEndedAsync(session);
        await host.TryUseAsync(delegated).RefusedAsync(HttpStatusCode.Unauthorized);
        await ExpectNoOneTimeTokenAsync(delegated.AccessToken);
        await ExpectNoOneTimeTokenAsync(narrowed);
        await host.UseAsync(stranger);
    }

    [Theory]
    [InlineData("password", false, true)]
    [InlineData("role", true, false)]
    [InlineData("disable", false, false)]
    [InlineData("delete", false, false)]
    public async Task Who_may_sign_in_afterwards(string change, bool withTheOldPassword, bool withTheNewPassword)
    {
        var person = await host.CreatePersonAsync();

        await ChangeAsync(person, change);

        using var old = await host.TryLoginAsync(person.Id, person.Password);
        using var now = await host.TryLoginAsync(person.Id, NewSecret);
        Assert.Equal(withTheOldPassword ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, old.StatusCode);
        Assert.Equal(withTheNewPassword ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, now.StatusCode);
    }

    [Fact]
    public async Task A_new_role_is_in_the_next_sign_in()
    {
        var person = await host.CreatePersonAsync();

        await ChangeAsync(person, "role");

        Assert.Equal("ADMIN", Requests.ClaimsOf((await host.LoginAsync(person)).AccessToken).Text("role"));
    }

    [Fact]
    public async Task Who_is_enabled_again_starts_without_sessions()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        await ChangeAsync(person, "disable");

        await host.PatchAsync($"/admin/principals/{person.Id}", await host.AdminTokenAsync(), new { state = "ENABLED" }).ExpectAsync(HttpStatusCode.OK);

        await host.ExpectEndedAsync(session);
        var again = await host.LoginAsync(person);
        Assert.Equal(1, (await host.SessionsAsync(again.AccessToken)).GetProperty("itemsInTotal").GetInt32());
    }

    [Fact]
    public async Task Any_other_change_ends_nothing()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        var change = new { firstNames = "Ada", email = "ada@example.com", state = "ENABLED", role = "USER" };

        await host.PatchAsync($"/admin/principals/{person.Id}", await host.AdminTokenAsync(), change).ExpectAsync(HttpStatusCode.OK);

        await host.SessionsAsync(session.AccessToken);
        await host.UseAsync(session);
    }

    [Fact]
    public async Task A_refused_change_ends_nothing()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);

        using var refused = await host.PutAsync($"/admin/principals/{person.Id}/password", await host.AdminTokenAsync(), new { password = "password" });

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        await host.UseAsync(session);
        await host.LoginAsync(person);
    }

    [Theory]
    [InlineData("renew")]
    [InlineData("disable")]
    [InlineData("disable and enable")]
    [InlineData("delete")]
    public async Task A_token_without_a_session_is_refused_too(string change)
    {
        var service = await host.CreateServiceAsync();
        var token = await host.RefreshAsync(service.RefreshToken);
        await ProbeAsync(token).ExpectAsync(HttpStatusCode.NoContent);

        await EndServiceAsync(host, service.Id, change);

        await ProbeAsync(token).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.TryRefreshAsync(service.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    internal static async Task EndServiceAsync(AuthHost host, string id, string change)
    {
        var admin = await host.AdminTokenAsync();
        var path = $"/admin/principals/{Uri.EscapeDataString(id)}";
        switch (change)
        {
            case "renew":
                await host.PostAsync($"{path}/refresh-token", admin).ExpectAsync(HttpStatusCode.OK);
                break;
            case "disable":
                await host.PatchAsync(path, admin, new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);
                break;
            case "disable and enable":
                await host.PatchAsync(path, admin, new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);
                await host.PatchAsync(path, admin, new { state = "ENABLED" }).ExpectAsync(HttpStatusCode.OK);
                break;
            default:
                await host.DeleteAsync(path, admin).ExpectAsync(HttpStatusCode.NoContent);
                break;
        }
    }

    private async Task ChangeAsync(Person person, string change)
    {
        var admin = await host.AdminTokenAsync();
        var path = $"/admin/principals/{person.Id}";
        await (change switch
        {
            "password" => host.PutAsync($"{path}/password", admin, new { password = NewSecret }).ExpectAsync(HttpStatusCode.NoContent),
            "role" => host.PatchAsync(path, admin, new { role = "ADMIN" }).ExpectAsync(HttpStatusCode.OK),
            "disable" => host.PatchAsync(path, admin, new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK),
            _ => host.DeleteAsync(path, admin).ExpectAsync(HttpStatusCode.NoContent),
        });
    }

    /// <summary>Fails if the access token still gets a one-time token. Any access token may ask for one, an extended token included.</summary>
    private async Task ExpectNoOneTimeTokenAsync(string accessToken) =>
        await host.PostAsync("/auth/request?audience=files:write", accessToken).RefusedAsync(HttpStatusCode.Unauthorized);

    private Task<HttpResponseMessage> ProbeAsync(string serviceToken) => host.PostAsync($"/auth/claim?jti={NewName("probe")}", serviceToken);

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RevokedByChangeTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RevokedByChangeTests(store.Host);
}
