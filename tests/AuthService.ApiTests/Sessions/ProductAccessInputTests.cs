using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Sessions.SessionCalls;

namespace AuthService.ApiTests.Sessions;

public abstract class ProductAccessInputTests(AuthHost host)
{
    [Theory]
    [InlineData("""{"disableOldestSessions":"yes"}""")]
    [InlineData("""{"disableOldestSessions":1}""")]
    [InlineData("""{"disableOldestSessions":true,"disableOldestSessions":true}""")]
    [InlineData("""{"disableOldestSessions":true""")]
    public async Task A_malformed_wish_is_refused_and_nothing_is_enabled(string body)
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var id = await host.OpenAsync(service, person);

        await host.PostAsync($"/sessions/{id}/enable/{Connect}", service, AuthCalls.Json(body)).CodeAsync(HttpStatusCode.BadRequest, "BAD_REQUEST");

        Assert.False(await host.HasAccessAsync(service, id));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ProductAccessInputTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ProductAccessInputTests(store.Host);
}
