using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Auth;

public abstract class LogoutTests(AuthHost host)
{
    [Fact]
    public async Task A_refresh_token_ends_its_own_session_and_no_other()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        var other = await host.LoginAsync(person);

        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await host.ExpectEndedAsync(session);
        await host.UseAsync(other);
        Assert.Equal(1, (await host.SessionsAsync(other.AccessToken)).GetProperty("itemsInTotal").GetInt32());
    }

    [Fact]
    public async Task A_second_logout_is_401()
    {
        var session = await host.SignedInPersonAsync();
        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await host.PostAsync("/auth/logout", session.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_access_token_does_not_sign_out()
    {
        var session = await host.SignedInPersonAsync();

        await host.PostAsync("/auth/logout", session.AccessToken).RefusedAsync(HttpStatusCode.Unauthorized);

        await host.UseAsync(session);
    }

    [Fact]
    public async Task Every_access_token_of_the_session_is_refused_at_once()
    {
        var session = await host.SignedInPersonAsync();
        var refreshed = await host.RefreshAsync(session.RefreshToken);
        await host.SessionsAsync(refreshed);

        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await host.GetAsync("/auth/sessions", refreshed).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Delegated_sessions_go_on()
    {
        var session = await host.SignedInPersonAsync();
        var delegated = await host.DelegateAsync(session.AccessToken);

        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await host.UseAsync(delegated);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : LogoutTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : LogoutTests(store.Host);
}
