using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Sessions;

/// <summary>Every API shows and changes one and the same session.</summary>
public abstract class ThreeSurfacesTests(AuthHost host)
{
    [Fact]
    public async Task A_session_is_one_thing_on_every_surface_from_sign_in_to_revocation()
    {
        var account = await host.CreateServiceAsync();
        var person = await host.CreatePersonAsync();
        var (administrator, session) = await host.ImpersonatorAsync();
        var id = session.SessionId;

        Assert.Equal(id, Assert.Single(await host.MySessionsAsync(session.AccessToken)).Text("sessionId"));
        Assert.Equal(id, await OnlyIdAsync(session.AccessToken));
        Assert.Equal("ENABLED", await host.StateAsync(await ServiceAsync(), id));

        host.Clock.Advance(TimeSpan.FromDays(14));
        await host.TryRefreshAsync(session.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("SUSPENDED", await host.StateAsync(await ServiceAsync(), id));
        var beside = await host.LoginAsync(administrator);
        Assert.Equal([beside.SessionId, id], await host.MySessionIdsAsync(beside.AccessToken));
        Assert.Equal([beside.SessionId], await host.MySessionIdsAsync(beside.AccessToken, "/active"));

        await host.EnableAsync(await ServiceAsync(), id);
        Assert.Equal(2, await host.CountMineAsync(beside.AccessToken));
        Assert.Equal(administrator.Id, Requests.ClaimsOf(await host.RefreshAsync(session.RefreshToken)).Text("sub"));

        await host.ImpersonateAsync(beside.AccessToken, id, person);
        var borrowed = await host.RefreshAsync(session.RefreshToken);
        Assert.Equal(id, await OnlyIdAsync(borrowed));
        var owner = await host.LoginAsync(person);
        Assert.Equal([owner.SessionId, id], await host.MySessionIdsAsync(owner.AccessToken));

        await host.DeleteAsync($"{AccountCalls.Sessions}/{id}", owner.AccessToken).ExpectAsync(HttpStatusCode.OK);

        await host.TryRefreshAsync(session.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync("/auth/sessions", borrowed).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync(AccountCalls.Sessions, borrowed).AccountRefusalAsync(HttpStatusCode.Unauthorized);
        await host.ExpectGoneAsync(await ServiceAsync(), id);
        Assert.Equal(owner.SessionId, await OnlyIdAsync(owner.AccessToken));
        Assert.Equal([beside.SessionId], await host.MySessionIdsAsync(beside.AccessToken));
        await host.DeleteAsync($"{AccountCalls.Sessions}/{id}", owner.AccessToken).AccountRefusalAsync(HttpStatusCode.NotFound);

        Task<string> ServiceAsync() => host.RefreshAsync(account.RefreshToken);
    }

    private async Task<string> OnlyIdAsync(string accessToken) =>
        Assert.Single((await host.SessionsAsync(accessToken)).GetProperty("items").EnumerateArray()).Text("id");

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ThreeSurfacesTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ThreeSurfacesTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : ThreeSurfacesTests(store.Host);
}
