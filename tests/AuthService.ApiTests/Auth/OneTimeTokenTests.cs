using System.Net;
using System.Text;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Auth;

/// <summary>The request endpoint issues one-time tokens for an audience.</summary>
public abstract class OneTimeTokenTests(AuthHost host)
{
    [Fact]
    public async Task A_token_is_issued_for_the_audience_asked_for_in_query_or_body()
    {
        var session = await host.SignedInPersonAsync();

        var byQuery = await host.TryRequestOneTimeTokenAsync(session.AccessToken, "files.upload:write,jobs:READ").ExpectAsync(HttpStatusCode.OK);
        var byBody = await host.PostAsync("/auth/request", session.AccessToken, new { audience = "files:read:path!L2hvbWU=,owner!bWU=" })
            .ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(["files.upload:write", "jobs:read"], Requests.ClaimsOf(byQuery.Text("accessToken")).Texts("aud"));
        Assert.Equal(["files:read:path!L2hvbWU=,owner!bWU="], Requests.ClaimsOf(byBody.Text("accessToken")).Texts("aud"));
        foreach (var answer in new[] { byQuery, byBody })
            Assert.Equal(answer.Text("jti"), Requests.ClaimsOf(answer.Text("accessToken")).Text("jti"));
        Assert.NotEqual(byQuery.Text("jti"), byBody.Text("jti"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task It_is_valid_for_30_seconds_and_keeps_the_session()
    {
        var session = await host.SignedInPersonAsync();
        using var response = await host.TryRequestOneTimeTokenAsync(session.AccessToken, "api");

        var claims = Requests.ClaimsOf((await response.ExpectAsync(HttpStatusCode.OK)).Text("accessToken"));

        Assert.Equal(30, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.Equal((session.SessionId, session.SessionId), (claims.Text("sid"), claims.Text("publicSessionReference")));
        Assert.Equal(["all:write"], claims.Texts("aud"));
        Assert.Empty(claims.Texts("extendedByChain"));
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task A_narrowed_bearer_may_ask_within_its_scopes_and_its_chain_is_kept()
    {
        var session = await host.SignedInPersonAsync();
        var narrowed = await host.ExtendAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, "files:read");

        var claims = Requests.ClaimsOf(await host.OneTimeTokenAsync(narrowed, "files.upload:read"));

        Assert.Equal(["_svc"], claims.Texts("extendedByChain"));
        Assert.Equal(("_svc", session.SessionId), (claims.Text("extendedBy"), claims.Text("sid")));
        foreach (var beyond in new[] { "files:write", "jobs:read", "all:read", "files:read,jobs:read", "api" })
            await host.TryRequestOneTimeTokenAsync(narrowed, beyond).RefusalAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_service_may_ask_and_has_no_session()
    {
        var claims = Requests.ClaimsOf(await host.OneTimeTokenAsync(await host.NewServiceTokenAsync(), "jobs:write"));

        Assert.Equal(("SERVICE", "service"), (claims.Text("role"), claims.Text("principalType")));
        Assert.False(claims.TryGetProperty("sid", out _));
    }

    [Theory]
    [InlineData("special:read")]
    [InlineData("special.grant:write")]
    [InlineData("files:read,special:read")]
    public async Task What_the_bearer_does_not_cover_is_refused(string audience)
    {
        var session = await host.SignedInPersonAsync();

        await host.TryRequestOneTimeTokenAsync(session.AccessToken, audience).RefusalAsync(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("")]
    [InlineData("files")]
    [InlineData("files:fly")]
    [InlineData("files:read,")]
    [InlineData(",files:read")]
    [InlineData("files:read, jobs:read")]
    [InlineData("files:read:key!***")]
    [InlineData("files:read:key!d g==")]
    [InlineData("..:read")]
    public async Task A_malformed_audience_is_refused(string audience)
    {
        var session = await host.SignedInPersonAsync();

        await host.TryRequestOneTimeTokenAsync(session.AccessToken, audience).RefusalAsync(HttpStatusCode.BadRequest);
        await host.PostAsync("/auth/request", session.AccessToken, new { audience }).RefusalAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"audience\":null}")]
    [InlineData("{\"audience\":[\"files:read\"]}")]
    [InlineData("{\"audience\":\"files:read\",\"audience\":\"all:write\"}")]
    public async Task A_malformed_body_is_refused(string body)
    {
        var session = await host.SignedInPersonAsync();

        await host.PostAsync("/auth/request", session.AccessToken, new StringContent(body, Encoding.UTF8, "application/json"))
            .RefusalAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Without_an_audience_in_the_query_the_body_must_be_JSON()
    {
        var session = await host.SignedInPersonAsync();

        await host.PostAsync("/auth/request", session.AccessToken).RefusalAsync(HttpStatusCode.BadRequest);
        await host.PostAsync("/auth/request", session.AccessToken, new StringContent("audience=files:read")).RefusalAsync(HttpStatusCode.UnsupportedMediaType);
        await host.PostAsync("/auth/request?audience=files:read", session.AccessToken, new StringContent("null")).ExpectAsync(HttpStatusCode.OK);
    }

    /// <summary>This service refuses tokens over 8 KB, so it must not issue one.</summary>
    [Fact]
    public async Task An_audience_too_long_for_a_token_is_refused()
    {
        var session = await host.SignedInPersonAsync();
        var audience = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"files.part{i}:read"));

        await host.PostAsync("/auth/request", session.AccessToken, new { audience }).RefusalAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Nobody_else_may_ask()
    {
        var session = await host.SignedInPersonAsync();
        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        using var anonymous = await host.PostAsync("/auth/request?audience=files:read");
        await anonymous.ExpectAsync(HttpStatusCode.Unauthorized);
        Assert.NotEmpty(anonymous.Headers.WwwAuthenticate);
        await host.TryRequestOneTimeTokenAsync(session.AccessToken, "files:read").RefusalAsync(HttpStatusCode.Unauthorized);
        await host.TryRequestOneTimeTokenAsync(session.RefreshToken, "files:read").RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task It_is_never_accepted_as_a_bearer()
    {
        var admin = await host.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        var once = await host.OneTimeTokenAsync(admin.AccessToken, "all:write");
        var service = await host.OneTimeTokenAsync(await host.NewServiceTokenAsync("_svc"), "all:write");
        var victim = await host.CreatePersonAsync();

        await host.GetAsync("/auth/sessions", once).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.DeleteAsync("/auth/sessions", once).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.PostAsync("/auth/refresh", once).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.PostAsync("/auth/logout", once).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.PostAsync("/auth/logout/bulk", once, new { tokens = new[] { admin.RefreshToken } }).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync("/admin/principals", once).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.DeleteAsync($"/admin/principals/{victim.Id}", once).RefusalAsync(HttpStatusCode.Unauthorized);
        foreach (var bearer in new[] { once, service })
        {
            await host.TryClaimAsync(bearer, "any").RefusalAsync(HttpStatusCode.Unauthorized);
            await host.TryRequestOneTimeTokenAsync(bearer, "files:read").RefusalAsync(HttpStatusCode.Unauthorized);
            await host.TryExtendAsync(bearer, admin.AccessToken, ["files:read"]).RefusalAsync(HttpStatusCode.Unauthorized);
        }

        Assert.Equal(admin.SessionId, Requests.ClaimsOf(await host.RefreshAsync(admin.RefreshToken)).Text("sid"));
        await host.LoginAsync(victim);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : OneTimeTokenTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : OneTimeTokenTests(store.Host);
}
