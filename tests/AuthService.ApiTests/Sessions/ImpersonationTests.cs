using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Sessions;

/// <summary>An administrator's session acts as another person until the impersonation ends and the session is the administrator's again.</summary>
public abstract class ImpersonationTests(AuthHost host)
{
    [Fact]
    public async Task It_is_shown_with_both_people()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();

        var answer = await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

        Assert.Equal((acting.SessionId, person.Uuid, administrator.Uuid),
            (answer.Text("sessionId"), answer.GetProperty("user").Text("uuid"), answer.GetProperty("actor").Text("uuid")));
        Assert.Equal(answer.ToString(), (await host.GetSessionAsync(service, acting.SessionId)).ToString());
    }

    [Fact]
    public async Task A_refresh_mints_for_the_other_and_names_the_administrator()
    {
        var person = await host.CreatePersonAsync(new() { ["email"] = "ann@example.com" });
        var (administrator, acting) = await host.ImpersonatorAsync();

        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

        var claims = Requests.ClaimsOf(await host.RefreshAsync(acting.RefreshToken));
        Assert.Equal((person.Id, administrator.Id), (claims.Text("sub"), claims.GetProperty("act").Text("sub")));
        Assert.Equal(("USER", "ann@example.com", acting.SessionId), (claims.Text("role"), claims.Text("email"), claims.Text("sid")));
        Assert.Empty(claims.Texts("extendedByChain"));
    }

    [Fact]
    public async Task Tokens_minted_before_are_refused()
    {
        var person = await host.CreatePersonAsync();
        var (_, acting) = await host.ImpersonatorAsync();
        Assert.True(await host.HoldsAsync(acting.AccessToken));

        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

        await host.GetAsync("/auth/sessions", acting.AccessToken).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync("/admin/principals", acting.AccessToken).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_administrators_own_rights_are_not_in_it()
    {
        var person = await host.CreatePersonAsync();
        var (_, acting) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

        var token = await host.RefreshAsync(acting.RefreshToken);

        Assert.True(await host.HoldsAsync(token));
        await host.GetAsync("/admin/principals", token).RefusalAsync(HttpStatusCode.Forbidden);
        await host.GetAsync($"/sessions/{acting.SessionId}", token).CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");
    }

    [Theory]
    [InlineData("USER", false)]
    [InlineData("USER", true)]
    [InlineData("ADMIN", false)]
    public async Task Whoever_is_no_administrator_with_the_right_may_not(string role, bool canImpersonate)
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var user = await host.CreatePersonAsync(new() { ["role"] = role, ["canImpersonate"] = canImpersonate });
        var (session, opened) = (await host.LoginAsync(user), await host.OpenAsync(service, user));

        await host.TryImpersonateAsync(session.AccessToken, session.SessionId, person.Uuid).CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");
        await host.TryImpersonateAsync(service, opened, person.Uuid).CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");

        await ExpectUntouchedAsync(service, session);
        Assert.False((await host.GetSessionAsync(service, opened)).TryGetProperty("actor", out _));
    }

    [Fact]
    public async Task An_administrator_is_never_impersonated_nor_is_oneself()
    {
        var service = await host.NewServiceTokenAsync();
        var (administrator, acting) = await host.ImpersonatorAsync();
        var other = await host.CreatePersonAsync(new() { ["role"] = "ADMIN" });

        foreach (var target in new[] { other, administrator })
            await host.TryImpersonateAsync(acting.AccessToken, acting.SessionId, target.Uuid).CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");

        await ExpectUntouchedAsync(service, acting);
    }

    [Fact]
    public async Task Only_people_who_are_there_and_enabled_are_impersonated()
    {
        var service = await host.NewServiceTokenAsync("_svc");
        var (_, acting) = await host.ImpersonatorAsync();
        var (deleted, disabled) = (await host.CreatePersonAsync(), await host.CreatePersonAsync());
        await host.DeletePersonAsync(deleted);
        await host.PatchPersonAsync(disabled, new() { ["state"] = "DISABLED" });
        var account = await host.GetAsync("/admin/principals/_svc", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);

        await host.TryImpersonateAsync(acting.AccessToken, acting.SessionId, disabled.Uuid).CodeAsync(HttpStatusCode.Conflict, "USER_NOT_ENABLED");
        foreach (var nobody in new[] { deleted.Uuid, Guid.NewGuid().ToString(), account.Text("uuid") })
            await host.TryImpersonateAsync(acting.AccessToken, acting.SessionId, nobody).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");

        await ExpectUntouchedAsync(service, acting);
    }

    [Fact]
    public async Task It_is_never_nested()
    {
        var (first, second) = (await host.CreatePersonAsync(), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();
        var other = await host.LoginAsync(administrator);
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, first);

        foreach (var target in new[] { first, second })
            await host.TryImpersonateAsync(other.AccessToken, acting.SessionId, target.Uuid).CodeAsync(HttpStatusCode.Conflict, "SESSION_ALREADY_IMPERSONATED");

        Assert.Equal(first.Id, Requests.ClaimsOf(await host.RefreshAsync(acting.RefreshToken)).Text("sub"));
    }

    [Fact]
    public async Task A_delegated_session_does_not_impersonate()
    {
        var person = await host.CreatePersonAsync();
        var (_, acting) = await host.ImpersonatorAsync();
        var delegated = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc"), acting.AccessToken, "files:read");

        await host.TryImpersonateAsync(acting.AccessToken, Requests.ClaimsOf(delegated.AccessToken).Text("sid"), person.Uuid)
            .CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");

        Assert.True(await host.HoldsAsync(delegated.AccessToken));
    }

    [Fact]
    public async Task A_session_that_is_not_enabled_does_not_impersonate()
    {
        var (account, person) = (await host.CreateServiceAsync(), await host.CreatePersonAsync());
        var service = await host.RefreshAsync(account.RefreshToken);
        var (administrator, _) = await host.ImpersonatorAsync();
        var unused = await host.OpenAsync(service, administrator, new() { ["enable"] = false });
        var suspended = await host.OpenAsync(service, administrator, new() { ["publicComputer"] = true });
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        service = await host.RefreshAsync(account.RefreshToken);

        foreach (var id in new[] { unused, suspended })
        {
            await host.TryImpersonateAsync(service, id, person.Uuid).CodeAsync(HttpStatusCode.Conflict, "SESSION_NOT_ENABLED");
            Assert.False((await host.GetSessionAsync(service, id)).TryGetProperty("actor", out _));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"userUuid":"ann"}""")]
    [InlineData("""{"userUuid":UUID,"reason":7}""")]
    [InlineData("""{"userUuid":UUID,"userUuid":UUID}""")]
    public async Task A_malformed_request_is_refused(string text)
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (_, acting) = await host.ImpersonatorAsync();
        var body = AuthCalls.Json(text.Replace("UUID", $"\"{person.Uuid}\"", StringComparison.Ordinal));

        await host.PostAsync($"/sessions/{acting.SessionId}/impersonate", acting.AccessToken, body).CodeAsync(HttpStatusCode.BadRequest, "BAD_REQUEST");

        await ExpectUntouchedAsync(service, acting);
    }

    [Fact]
    public async Task A_reason_is_not_needed()
    {
        var person = await host.CreatePersonAsync();
        var (_, acting) = await host.ImpersonatorAsync();

        await host.PostAsync($"/sessions/{acting.SessionId}/impersonate", acting.AccessToken, new { userUuid = person.Uuid }).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Given_back_it_is_the_administrators_again_and_what_was_minted_meanwhile_is_refused()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);
        var borrowed = await host.RefreshAsync(acting.RefreshToken);
        Assert.Contains(acting.SessionId, await host.MySessionIdsAsync(borrowed), StringComparer.Ordinal);

        var answer = await host.TryRevertAsync(service, acting.SessionId).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal((administrator.Uuid, false), (answer.GetProperty("user").Text("uuid"), answer.TryGetProperty("actor", out _)));
        await host.GetAsync("/auth/sessions", borrowed).RefusedAsync(HttpStatusCode.Unauthorized);
        await ExpectUntouchedAsync(service, acting);
        await host.TryRevertAsync(service, acting.SessionId).CodeAsync(HttpStatusCode.Conflict, "SESSION_NOT_IMPERSONATED");
    }

    [Fact]
    public async Task After_it_was_given_back_it_can_be_lent_again()
    {
        var (service, first, second) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync(), await host.CreatePersonAsync());
        var (_, acting) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, first);
        await host.TryRevertAsync(service, acting.SessionId).ExpectAsync(HttpStatusCode.OK);

        await host.ImpersonateAsync(await host.RefreshAsync(acting.RefreshToken), acting.SessionId, second);

        Assert.Equal(second.Id, Requests.ClaimsOf(await host.RefreshAsync(acting.RefreshToken)).Text("sub"));
    }

    private async Task ExpectUntouchedAsync(string service, SignedIn session)
    {
        Assert.False((await host.GetSessionAsync(service, session.SessionId)).TryGetProperty("actor", out _));
        var claims = Requests.ClaimsOf(await host.RefreshAsync(session.RefreshToken));
        Assert.Equal(Requests.ClaimsOf(session.AccessToken).Text("sub"), claims.Text("sub"));
        Assert.False(claims.TryGetProperty("act", out _));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ImpersonationTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ImpersonationTests(store.Host);
}
