using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;

namespace AuthService.ApiTests.OAuth;

/// <summary>Introspection (RFC 7662) describes an active token, and says only <c>active: false</c> about any other.</summary>
public abstract class IntrospectionTests(AuthHost host)
{
    [Fact]
    public async Task An_access_token_is_told_by_its_claims()
    {
        var (service, session) = (await host.NewServiceTokenAsync(), await host.SignedInPersonAsync());
        var claims = Requests.ClaimsOf(session.AccessToken);

        var answer = await host.IntrospectAsync(service, session.AccessToken);

        Assert.True(answer.GetProperty("active").GetBoolean());
        Assert.Equal(
            [
                "active", "aud", "exp", "extendedByChain", "iat", "iss", "principalType", "role", "scope", "sid", "sub", "token_type",
                "token_use", "username",
            ],
            answer.MemberNames());
        foreach (var name in new[] { "aud", "exp", "iat", "iss", "sub", "sid", "role", "principalType", "extendedByChain" })
            Assert.Equal(claims.GetProperty(name).GetRawText(), answer.GetProperty(name).GetRawText());
        Assert.Equal(
            ("all:write", "Bearer", "access_token", claims.Text("sub")),
            (answer.Text("scope"), answer.Text("token_type"), answer.Text("token_use"), answer.Text("username")));
    }

    [Fact]
    public async Task A_refresh_token_is_told_by_its_session()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        foreach (var session in new[] { await host.LoginAsync(person), await host.LoginAsync(person, "web") })
        {
            var answer = await host.IntrospectAsync(service, session.RefreshToken);

            Assert.Equal(
                ["active", "aud", "exp", "extendedByChain", "iat", "principalType", "role", "scope", "sid", "sub", "token_use", "username"],
                answer.MemberNames());
            Assert.Equal((person.Id, session.SessionId, "refresh_token"), (answer.Text("sub"), answer.Text("sid"), answer.Text("token_use")));
            Assert.Equal(TimeSpan.FromDays(30), TimeSpan.FromSeconds(answer.GetProperty("exp").GetInt64() - answer.GetProperty("iat").GetInt64()));
        }
    }

    [Fact]
    public async Task The_refresh_token_of_a_service_is_active_and_does_not_expire()
    {
        var service = await host.CreateServiceAsync();

        var answer = await host.IntrospectAsync(await host.NewServiceTokenAsync(), service.RefreshToken);

        Assert.Equal(["active", "aud", "extendedByChain", "principalType", "role", "scope", "sub", "token_use", "username"], answer.MemberNames());
        Assert.Equal((true, service.Id, "SERVICE"), (answer.GetProperty("active").GetBoolean(), answer.Text("sub"), answer.Text("role")));
    }

    [Fact]
    public async Task Extended_delegated_and_impersonated_tokens_say_who_stands_behind_them()
    {
        var (service, person) = (await host.NewServiceTokenAsync("_svc"), await host.CreatePersonAsync());
        var session = await host.LoginAsync(person);
        var delegated = await host.DelegateAsync(service, session.AccessToken, "files:read");
        foreach (var token in new[] { await host.ExtendAsync(service, session.AccessToken, "files:read"), delegated.AccessToken, delegated.RefreshToken })
        {
            var answer = await host.IntrospectAsync(service, token);
            Assert.Equal(("_svc", "files:read", person.Id), (answer.Text("extendedBy"), answer.Text("scope"), answer.Text("sub")));
            Assert.Equal(["_svc"], answer.Texts("extendedByChain"));
        }

        var (administrator, impersonating) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(impersonating.AccessToken, impersonating.SessionId, person);
        foreach (var token in new[] { await host.RefreshAsync(impersonating.RefreshToken), impersonating.RefreshToken })
        {
            var answer = await host.IntrospectAsync(service, token);
            Assert.Equal((person.Id, administrator.Id), (answer.Text("sub"), answer.GetProperty("act").Text("sub")));
        }

        Assert.False(await host.IsActiveAsync(service, impersonating.AccessToken));
    }

    [Fact]
    public async Task A_one_time_token_is_active_until_it_is_claimed()
    {
        var service = await host.NewServiceTokenAsync();
        foreach (var bearer in new[] { (await host.SignedInPersonAsync()).AccessToken, service })
        {
            var token = await host.OneTimeTokenAsync(bearer);
            var jti = Requests.ClaimsOf(token).Text("jti");

            Assert.Equal(jti, (await host.IntrospectAsync(service, token)).Text("jti"));
            await host.TryClaimAsync(service, jti).ExpectAsync(HttpStatusCode.NoContent);
            Assert.False(await host.IsActiveAsync(service, token));
        }
    }

    [Theory]
    [InlineData("sign-out")]
    [InlineData("revoke-all")]
    [InlineData("disable")]
    [InlineData("delete")]
    [InlineData("role")]
    [InlineData("password")]
    [InlineData("expire")]
    [InlineData("suspend")]
    public async Task What_has_ended_is_inactive(string how)
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        var once = await host.OneTimeTokenAsync(session.AccessToken);
        Assert.True(await host.IsActiveAsync(await host.NewServiceTokenAsync(), session.RefreshToken));

        await EndAsync(how, person, session);

        var service = await host.NewServiceTokenAsync();
        foreach (var token in new[] { session.AccessToken, session.RefreshToken, once })
            Assert.False(await host.IsActiveAsync(service, token));
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("renew")]
    public async Task A_service_that_has_ended_is_inactive(string how)
    {
        var (service, admin) = (await host.CreateServiceAsync(), await host.AdminTokenAsync());
        var token = await host.ServiceTokenAsync(service.RefreshToken);
        Assert.True(await host.IsActiveAsync(admin, token));

        if (how is "disable")
            await host.PatchAsync($"/admin/principals/{service.Id}", admin, new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);
        else
            await host.CreateServiceAsync(service.Id);

        Assert.False(await host.IsActiveAsync(admin, token));
        Assert.False(await host.IsActiveAsync(admin, service.RefreshToken));
    }

    [Fact]
    public async Task The_hint_is_passed_over_even_when_it_is_wrong()
    {
        var (service, session) = (await host.NewServiceTokenAsync(), await host.SignedInPersonAsync());
        foreach (var token in new[] { session.AccessToken, session.RefreshToken })
        {
            foreach (var hint in new[] { "access_token", "refresh_token", "nonsense", "" })
                Assert.True((await host.IntrospectionAsync(service, token, hint).ExpectAsync(HttpStatusCode.OK)).GetProperty("active").GetBoolean());
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("rt_")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.")]
    [InlineData("\u0001.\uFFFF.\u202E")]
    [InlineData("' OR 1=1 --")]
    public async Task What_was_never_a_token_is_inactive(string text) =>
        Assert.False(await host.IsActiveAsync(await host.NewServiceTokenAsync(), text));

    [Fact]
    public async Task Neither_longer_nor_damaged_tokens_are_active()
    {
        var (service, session) = (await host.NewServiceTokenAsync(), await host.SignedInPersonAsync());

        string[] unknown =
        [
            $"{session.AccessToken}x", session.AccessToken[..^4], $" {session.AccessToken}", $"{session.RefreshToken} ",
            new string('a', 30_000) + ".b.c",
        ];
        foreach (var token in unknown)
            Assert.False(await host.IsActiveAsync(service, token));
    }

    private async Task EndAsync(string how, Person person, SignedIn session)
    {
        var (admin, path) = (await host.AdminTokenAsync(), $"/admin/principals/{person.Id}");
        switch (how)
        {
            case "sign-out":
                await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
                break;
            case "revoke-all":
                await host.DeleteAsync($"{path}/sessions", admin).ExpectAsync(HttpStatusCode.OK);
                break;
            case "delete":
                await host.DeletePersonAsync(person);
                break;
            case "password":
                await host.SetPasswordAsync(person);
                break;
            case "expire" or "suspend":
                host.Clock.Advance(TimeSpan.FromDays(how is "expire" ? 30 : 14));
                break;
            default:
                await host.PatchAsync(path, admin, how is "role" ? new { role = "ADMIN" } : (object)new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);
                break;
        }
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : IntrospectionTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : IntrospectionTests(store.Host);
}
