using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Auth;

public abstract class InvalidateSessionsTests(AuthHost host)
{
    [Fact]
    public async Task All_own_sessions_end_the_current_one_included()
    {
        var person = await host.CreatePersonAsync();
        SignedIn[] sessions = [await host.LoginAsync(person), await host.LoginAsync(person, "web"), await host.LoginAsync(person)];

        await host.DeleteAsync("/auth/sessions", sessions[0].AccessToken).ExpectAsync(HttpStatusCode.NoContent);

        foreach (var session in sessions)
            await host.ExpectEndedAsync(session);
    }

    [Fact]
    public async Task The_cookie_is_cleared()
    {
        var session = await host.SignedInPersonAsync("web");

        using var response = await host.DeleteAsync("/auth/sessions", session.AccessToken);

        var cookie = Assert.Single(SetCookie.AllOf(response.Headers));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(("refreshToken", ""), (cookie.Name, cookie.Value));
        Assert.Equal(["expires", "httponly", "path", "samesite"], cookie.AttributeNames());
    }

    [Fact]
    public async Task Delegated_sessions_go_on_and_so_do_those_of_others()
    {
        var session = await host.SignedInPersonAsync();
        var delegated = await host.DelegateAsync(session.AccessToken);
        var stranger = await host.SignedInPersonAsync();

        await host.DeleteAsync("/auth/sessions", session.AccessToken).ExpectAsync(HttpStatusCode.NoContent);

        await host.ExpectEndedAsync(session);
        await host.UseAsync(delegated);
        await host.UseAsync(stranger);
    }

    [Fact]
    public async Task Signing_in_again_works_at_once()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);

        await host.DeleteAsync("/auth/sessions", session.AccessToken).ExpectAsync(HttpStatusCode.NoContent);

        var again = await host.LoginAsync(person);
        Assert.Equal(1, (await host.SessionsAsync(again.AccessToken)).GetProperty("itemsInTotal").GetInt32());
    }

    [Fact]
    public async Task A_second_call_with_the_same_token_is_401()
    {
        var session = await host.SignedInPersonAsync();
        await host.DeleteAsync("/auth/sessions", session.AccessToken).ExpectAsync(HttpStatusCode.NoContent);

        await host.DeleteAsync("/auth/sessions", session.AccessToken).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : InvalidateSessionsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : InvalidateSessionsTests(store.Host);
}
