using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Sessions;

public abstract class RevokeByServiceTests(AuthHost host)
{
    [Fact]
    public async Task An_ended_session_is_over_everywhere_and_the_others_stay()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (ended, other) = (await host.LoginAsync(person), await host.LoginAsync(person));

        await host.EndAsync(service, ended.SessionId);

        await host.ExpectEndedAsync(ended);
        await host.ExpectGoneAsync(service, ended.SessionId);
        await host.DeleteAsync($"/sessions/{ended.SessionId}", service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        Assert.Equal(1, (await host.SessionsAsync(other.AccessToken)).GetProperty("itemsInTotal").GetInt32());
        await host.RefreshAsync(other.RefreshToken);
    }

    [Fact]
    public async Task A_session_that_its_person_signed_out_of_is_gone_here_too()
    {
        var (service, session) = (await host.NewServiceTokenAsync(), await host.SignedInPersonAsync());
        Assert.Equal("ENABLED", await host.StateAsync(service, session.SessionId));

        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await host.ExpectGoneAsync(service, session.SessionId);
    }

    [Fact]
    public async Task A_service_may_not_end_everybodys()
    {
        var (service, session) = (await host.NewServiceTokenAsync(), await host.SignedInPersonAsync());

        await host.DeleteAsync("/sessions", service).CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");

        await host.RefreshAsync(session.RefreshToken);
    }

    [Fact]
    public async Task An_administrator_ends_everybodys_and_refresh_tokens_of_services_stay()
    {
        var service = await host.CreateServiceAsync();
        var token = await host.RefreshAsync(service.RefreshToken);
        var session = await host.SignedInPersonAsync("web");
        var delegated = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, "files:read");
        var opened = await host.OpenAsync(token, await host.CreatePersonAsync());
        var admin = await host.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);

        await host.DeleteAsync("/sessions", admin.AccessToken).ExpectAsync(HttpStatusCode.NoContent);

        await host.ExpectEndedAsync(session);
        await host.ExpectEndedAsync(admin);
        await host.TryRefreshAsync(delegated.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
        Assert.False(await host.HoldsAsync(delegated.AccessToken));
        await host.ExpectGoneAsync(token, opened);
        await host.ExpectGoneAsync(await host.RefreshAsync(service.RefreshToken), opened);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RevokeByServiceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RevokeByServiceTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : RevokeByServiceTests(store.Host);
}
