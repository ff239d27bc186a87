using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Sessions;

/// <summary>Changes of either person end an impersonation, and some operations are refused while it lasts.</summary>
public abstract class ImpersonationEndTests(AuthHost host)
{
    [Theory]
    [InlineData("right")]
    [InlineData("role")]
    [InlineData("disabled")]
    [InlineData("deleted")]
    [InlineData("password")]
    public async Task It_ends_with_a_change_of_the_administrator(string change)
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();
        var borrowed = await ImpersonateAsync(acting, person);

        await ChangeAsync(administrator, change);

        await ExpectOverAsync(service, acting, borrowed);
    }

    [Theory]
    [InlineData("role")]
    [InlineData("disabled")]
    [InlineData("deleted")]
    [InlineData("password")]
    public async Task It_ends_with_a_change_of_the_person(string change)
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (_, acting) = await host.ImpersonatorAsync();
        var borrowed = await ImpersonateAsync(acting, person);

        await ChangeAsync(person, change is "role" ? "promoted" : change);

        await ExpectOverAsync(service, acting, borrowed);
    }

    [Fact]
    public async Task It_stays_ended_when_the_right_comes_back()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();
        var borrowed = await ImpersonateAsync(acting, person);

        await host.PatchPersonAsync(administrator, new() { ["canImpersonate"] = false });
        await host.PatchPersonAsync(administrator, new() { ["canImpersonate"] = true });

        await ExpectOverAsync(service, acting, borrowed);
    }

    /// <summary>When an impersonation ends, no older token becomes valid again: neither the administrator's nor one of an earlier impersonation.</summary>
    [Fact]
    public async Task No_token_from_before_it_comes_back_with_its_end()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (_, acting) = await host.ImpersonatorAsync();
        var extended = await host.ExtendAsync(await host.NewServiceTokenAsync("_svc"), acting.AccessToken, "files:read");
        host.Clock.Advance(TimeSpan.FromSeconds(3));
        var borrowed = await ImpersonateAsync(acting, person);
        var revoked = new FormUrlEncodedContent([KeyValuePair.Create("token", acting.AccessToken)]);
        await host.PostAsync("/oauth/revoke", service, revoked).ExpectAsync(HttpStatusCode.OK);
        host.Clock.Advance(TimeSpan.FromSeconds(3));
        await host.TryRevertAsync(service, acting.SessionId).ExpectAsync(HttpStatusCode.OK);

        var own = await host.RefreshAsync(acting.RefreshToken);
        foreach (var token in new[] { acting.AccessToken, extended, borrowed })
            Assert.False(await host.HoldsAsync(token));
        host.Clock.Advance(TimeSpan.FromSeconds(3));
        await host.ImpersonateAsync(own, acting.SessionId, person);
        Assert.False(await host.HoldsAsync(borrowed));
        Assert.True(await host.HoldsAsync(await host.RefreshAsync(acting.RefreshToken)));
    }

    /// <summary>The call reads the person before a change and starts the impersonation after it. The change alone must not end the impersonation.</summary>
    [Fact]
    public async Task It_begins_with_the_person_as_they_are()
    {
        var person = await host.CreatePersonAsync();
        var (_, acting) = await host.ImpersonatorAsync();

        await using var change = await host.Database.BeginAsync($"UPDATE principals SET security_stamp = security_stamp + 1 WHERE id = '{person.Id}'");
        var call = host.TryImpersonateAsync(acting.AccessToken, acting.SessionId, person.Uuid);
        await change.ExpectToHoldUpAsync(call);
        await change.Transaction.CommitAsync();

        await call.ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(person.Id, Requests.ClaimsOf(await host.RefreshAsync(acting.RefreshToken)).Text("sub"));
    }

    [Fact]
    public async Task A_deleted_one_is_not_there_to_be_ended()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();
        await ImpersonateAsync(acting, person);
        await host.PatchPersonAsync(administrator, new() { ["canImpersonate"] = false });

        await host.DeleteAsync($"/sessions/{acting.SessionId}", service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task The_person_ends_it_in_their_own_list()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (_, acting) = await host.ImpersonatorAsync();
        var borrowed = await ImpersonateAsync(acting, person);
        var own = await host.LoginAsync(person);

        await host.DeleteAsync($"{AccountCalls.Sessions}/{acting.SessionId}", own.AccessToken).ExpectAsync(HttpStatusCode.OK);

        await ExpectOverAsync(service, acting, borrowed);
    }

    [Fact]
    public async Task The_administrator_ends_it_from_another_session()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();
        var borrowed = await ImpersonateAsync(acting, person);
        var other = await host.LoginAsync(administrator);

        await host.DeleteAsync(AccountCalls.Sessions, other.AccessToken).ExpectAsync(HttpStatusCode.OK);

        await ExpectOverAsync(service, acting, borrowed);
        await host.RefreshAsync(other.RefreshToken);
    }

    [Fact]
    public async Task What_is_made_from_it_says_who_acts_and_dies_with_it()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();
        var borrowed = await ImpersonateAsync(acting, person);
        var extender = await host.NewServiceTokenAsync("_svc");

        var (extended, oneTime) = (await host.ExtendAsync(extender, borrowed, "files:read"), await host.OneTimeTokenAsync(borrowed));
        foreach (var token in new[] { extended, oneTime })
        {
            var claims = Requests.ClaimsOf(token);
            Assert.Equal((person.Id, administrator.Id, acting.SessionId), (claims.Text("sub"), claims.GetProperty("act").Text("sub"), claims.Text("sid")));
        }

        await host.TryExtendAsync(extender, borrowed, ["files:read"], allowRefreshes: true).RefusedAsync(HttpStatusCode.Forbidden);
        Assert.True(await host.HoldsAsync(extended));
        await host.TryRevertAsync(service, acting.SessionId).ExpectAsync(HttpStatusCode.OK);
        Assert.False(await host.HoldsAsync(extended));
        await host.TryExtendAsync(extender, borrowed, ["files:read"]).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Stored_tokens_are_out_of_reach_and_there_again_afterwards_and_each_try_is_on_record()
    {
        var (caller, person) = (await host.CreateServiceAsync(), await host.CreatePersonAsync());
        var service = await host.RefreshAsync(caller.RefreshToken);
        var (administrator, acting) = await host.ImpersonatorAsync();
        var path = $"/sessions/{acting.SessionId}/tokens/graph";
        await host.PutAsync(path, service, "the administrator's").ExpectAsync(HttpStatusCode.NoContent);
        await ImpersonateAsync(acting, person);

        await host.GetAsync(path, service).CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");
        await host.PutAsync(path, service, "another").CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");
        await host.DeleteAsync(path, service).CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");
        await host.GetAsync($"/sessions/{acting.SessionId}/tokens/nothing", service).CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");

        var refused = (await host.AuditAsync(await host.AdminTokenAsync(), $"?actor={caller.Id}"))
            .Where(row => row.GetProperty("sessionId").GetString() == acting.SessionId && row.Text("outcome") is "refused")
            .Select(row => $"{row.Text("event")} {row.Text("principal")} {row.Text("detail")}");
        Assert.Equal(
            [
                $"stored_token_deleted {administrator.Id} graph", $"stored_token_read {administrator.Id} graph",
                $"stored_token_read {administrator.Id} nothing", $"stored_token_written {administrator.Id} graph",
            ],
            refused.Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        await host.TryRevertAsync(service, acting.SessionId).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal("the administrator's", (await host.GetAsync(path, service).ExpectAsync(HttpStatusCode.OK)).Text("value"));
    }

    private async Task<string> ImpersonateAsync(SignedIn acting, Person person)
    {
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);
        var borrowed = await host.RefreshAsync(acting.RefreshToken);
        Assert.True(await host.HoldsAsync(borrowed));
        return borrowed;
    }

    private Task ChangeAsync(Person person, string change) => change switch
    {
        "right" => host.PatchPersonAsync(person, new() { ["canImpersonate"] = false }),
        "role" => host.PatchPersonAsync(person, new() { ["role"] = "USER" }),
        "promoted" => host.PatchPersonAsync(person, new() { ["role"] = "ADMIN" }),
        "disabled" => host.PatchPersonAsync(person, new() { ["state"] = "DISABLED" }),
        "deleted" => host.DeletePersonAsync(person),
        _ => host.SetPasswordAsync(person),
    };

    private async Task ExpectOverAsync(string service, SignedIn acting, string borrowed)
    {
        await host.TryRefreshAsync(acting.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
        Assert.False(await host.HoldsAsync(borrowed));
        Assert.False(await host.HoldsAsync(acting.AccessToken));
        await host.ExpectGoneAsync(service, acting.SessionId);
        await host.TryRevertAsync(service, acting.SessionId).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ImpersonationEndTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ImpersonationEndTests(store.Host);
}
