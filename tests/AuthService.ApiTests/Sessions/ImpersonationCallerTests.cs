using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Sessions;

/// <summary>Only the administrator, or the service that opened the session, may let an administrator's session act as somebody else.</summary>
public abstract class ImpersonationCallerTests(AuthHost host)
{
    [Fact]
    public async Task A_service_does_not_impersonate_in_a_session_that_the_administrator_signed_in_to()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();

        await ExpectDeniedAsync(service, acting.SessionId, person);

        Assert.Equal(administrator.Id, Requests.ClaimsOf(await host.RefreshAsync(acting.RefreshToken)).Text("sub"));
        Assert.True(await host.HoldsAsync(acting.AccessToken));
    }

    [Fact]
    public async Task A_service_does_not_impersonate_in_a_session_that_another_service_opened()
    {
        var (opener, other) = (await host.NewServiceTokenAsync(), await host.NewServiceTokenAsync());
        var (administrator, _) = await host.ImpersonatorAsync();
        var id = await host.OpenAsync(opener, administrator);

        await ExpectDeniedAsync(other, id, await host.CreatePersonAsync());
    }

    [Fact]
    public async Task A_service_does_not_impersonate_in_a_session_of_which_nobody_knows_who_opened_it()
    {
        var service = await host.NewServiceTokenAsync();
        var (administrator, _) = await host.ImpersonatorAsync();
        var id = await host.OpenAsync(service, administrator);
        await host.Database.ExecuteAsync($"UPDATE sessions SET opened_by = NULL WHERE lower(CAST(id AS text)) = '{id}'");

        await ExpectDeniedAsync(service, id, await host.CreatePersonAsync());
    }

    [Fact]
    public async Task An_administrator_does_not_impersonate_in_a_session_of_another_not_even_in_one_that_they_opened()
    {
        var (one, other) = (await host.ImpersonatorAsync(), await host.ImpersonatorAsync());
        var opened = await host.OpenAsync(one.Session.AccessToken, other.Person);

        foreach (var id in new[] { other.Session.SessionId, opened })
            await ExpectDeniedAsync(one.Session.AccessToken, id, await host.CreatePersonAsync());
    }

    [Fact]
    public async Task Who_may_not_does_not_learn_whether_the_session_impersonates()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (_, acting) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

        await host.TryImpersonateAsync(service, acting.SessionId, person.Uuid).CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_service_that_opened_the_session_is_named_beside_the_administrator(bool withKey)
    {
        var (account, key, person) = (await host.CreateServiceAsync(), await host.NewApiKeyAsync(), await host.CreatePersonAsync());
        var (service, name) = withKey ? (key.Key, key.Owner) : (await host.RefreshAsync(account.RefreshToken), account.Id);
        var (administrator, _) = await host.ImpersonatorAsync();
        var id = await host.OpenAsync(service, administrator);

        var answer = await host.ImpersonateAsync(service, id, person);

        Assert.Equal((person.Uuid, administrator.Uuid, name),
            (answer.GetProperty("user").Text("uuid"), answer.GetProperty("actor").Text("uuid"), answer.Text("actorService")));
        Assert.Equal(answer.ToString(), (await host.GetSessionAsync(service, id)).ToString());
        var listed = Assert.Single(await host.MySessionsAsync((await host.LoginAsync(person)).AccessToken), one => one.Text("sessionId") == id);
        Assert.Equal((administrator.Id, name), (listed.Text("actor"), listed.Text("actorService")));
    }

    [Fact]
    public async Task Given_back_the_session_names_no_service()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();
        var id = await host.OpenAsync(service, administrator);
        await host.ImpersonateAsync(service, id, person);

        var answer = await host.TryRevertAsync(service, id).ExpectAsync(HttpStatusCode.OK);

        ExpectNoService(answer);
        ExpectNoService(await host.ImpersonateAsync(acting.AccessToken, id, person)); // started by the administrator, not by a service
    }

    [Fact]
    public async Task The_administrator_needs_no_service_and_none_is_named()
    {
        var person = await host.CreatePersonAsync();
        var (administrator, acting) = await host.ImpersonatorAsync();
        var other = await host.LoginAsync(administrator);

        ExpectNoService(await host.ImpersonateAsync(other.AccessToken, acting.SessionId, person));

        var claims = Requests.ClaimsOf(await host.RefreshAsync(acting.RefreshToken));
        Assert.Equal($$"""{"sub":"{{administrator.Id}}"}""", claims.GetProperty("act").GetRawText());
    }

    [Fact]
    public async Task A_token_that_a_service_narrowed_is_not_the_administrators()
    {
        var (extender, person) = (await host.NewServiceTokenAsync("_svc"), await host.CreatePersonAsync());
        var (_, acting) = await host.ImpersonatorAsync();

        foreach (var token in new[] { await host.ExtendAsync(extender, acting.AccessToken, "files:write"), await host.OneTimeTokenAsync(acting.AccessToken) })
        {
            using var response = await host.TryImpersonateAsync(token, acting.SessionId, person.Uuid);
            Assert.True(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{response.StatusCode}");
        }

        Assert.True(await host.HoldsAsync(acting.AccessToken));
    }

    private static void ExpectNoService(JsonElement session) => Assert.False(session.TryGetProperty("actorService", out _));

    private async Task ExpectDeniedAsync(string caller, string id, Person person)
    {
        var description = await host.TryImpersonateAsync(caller, id, person.Uuid).CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");

        Assert.Contains("opened the session", description, StringComparison.Ordinal);
        Assert.False((await host.GetSessionAsync(caller, id)).TryGetProperty("actor", out _));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ImpersonationCallerTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ImpersonationCallerTests(store.Host);
}
