using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;

namespace AuthService.ApiTests.Admin;

/// <summary>DELETE /admin/principals/{id}/sessions revokes all sessions of a principal, or one of them by its id.</summary>
public abstract class RevokePrincipalSessionsTests(AuthHost host)
{
    [Fact]
    public async Task All_are_ended_and_counted_the_delegated_and_the_impersonated_ones_included()
    {
        var (person, other) = (await host.CreatePersonAsync(), await host.SignedInPersonAsync());
        var (app, web) = (await host.LoginAsync(person), await host.LoginAsync(person, "web"));
        var delegated = await host.DelegateAsync(app.AccessToken);
        var (_, impersonating) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(impersonating.AccessToken, impersonating.SessionId, person);

        Assert.Equal(4, await host.RevokeAllAsync(person.Id));

        foreach (var session in new[] { app, web })
            await host.ExpectEndedAsync(session);
        foreach (var session in new[] { delegated, impersonating })
            await host.TryRefreshAsync(session.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        Assert.Empty(await host.SessionsInFullAsync(person.Id));
        Assert.Equal(0, await host.RevokeAllAsync(person.Id));
        await host.RefreshAsync(other.RefreshToken);
        await host.LoginAsync(person);
    }

    [Fact]
    public async Task What_an_administrator_impersonates_in_ends_with_their_own()
    {
        var (administrator, session) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(session.AccessToken, session.SessionId, await host.CreatePersonAsync());

        Assert.Equal(1, await host.RevokeAllAsync(administrator.Id));

        await host.TryRefreshAsync(session.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Expired_sessions_do_not_count()
    {
        var person = await host.CreatePersonAsync();
        await host.LoginAsync(person);
        await host.LoginAsync(person);
        host.Clock.Advance(TimeSpan.FromDays(31));
        await host.LoginAsync(person);

        Assert.Equal(1, await host.RevokeAllAsync(person.Id));
    }

    [Fact]
    public async Task One_is_ended_and_the_others_stay()
    {
        var person = await host.CreatePersonAsync();
        var (first, second) = (await host.LoginAsync(person), await host.LoginAsync(person));

        await RevokeAsync(person.Id, first.SessionId).ExpectAsync(HttpStatusCode.NoContent);

        await host.ExpectEndedAsync(first);
        await host.RefreshAsync(second.RefreshToken);
        Assert.Equal("UNKNOWN_SESSION", await RevokeAsync(person.Id, first.SessionId).ProblemAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task A_session_of_somebody_else_is_not_found_and_stays()
    {
        var (person, other) = (await host.CreatePersonAsync(), await host.SignedInPersonAsync());

        Assert.Equal("UNKNOWN_SESSION", await RevokeAsync(person.Id, other.SessionId).ProblemAsync(HttpStatusCode.NotFound));

        await host.RefreshAsync(other.RefreshToken);
    }

    [Fact]
    public async Task An_expired_one_is_not_found()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        host.Clock.Advance(TimeSpan.FromDays(31));

        await RevokeAsync(person.Id, session.SessionId).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("00000000-0000-7000-8000-000000000000")]
    [InlineData("'%20OR%201=1--")]
    [InlineData("%01")]
    public async Task What_is_no_session_is_not_found(string sessionId) =>
        Assert.Equal("UNKNOWN_SESSION", await RevokeAsync((await host.CreatePersonAsync()).Id, sessionId).ProblemAsync(HttpStatusCode.NotFound));

    [Fact]
    public async Task Nobody_has_no_sessions()
    {
        var admin = await host.AdminTokenAsync();
        var deleted = await host.CreatePersonAsync();
        await host.DeletePersonAsync(deleted);

        foreach (var id in new[] { "nobody-at-all", deleted.Id })
        {
            Assert.Equal("UNKNOWN_PRINCIPAL", await host.DeleteAsync(Administration.SessionsOf(id), admin).ProblemAsync(HttpStatusCode.NotFound));
            Assert.Equal("UNKNOWN_PRINCIPAL", await RevokeAsync(id, Guid.NewGuid().ToString()).ProblemAsync(HttpStatusCode.NotFound));
        }
    }

    private async Task<HttpResponseMessage> RevokeAsync(string id, string sessionId) =>
        await host.DeleteAsync($"{Administration.SessionsOf(id)}/{sessionId}", await host.AdminTokenAsync());

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RevokePrincipalSessionsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RevokePrincipalSessionsTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : RevokePrincipalSessionsTests(store.Host);
}
