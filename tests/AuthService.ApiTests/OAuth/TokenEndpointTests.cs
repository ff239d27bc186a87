using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.OAuth;

/// <summary>The token endpoint (RFC 6749) issues access tokens to services for their API keys, and to sessions for their refresh tokens.</summary>
public abstract class TokenEndpointTests(AuthHost host)
{
    [Theory]
    [InlineData("basic")]
    [InlineData("post")]
    public async Task A_service_gets_an_access_token_for_its_key(string method)
    {
        var client = await host.NewOAuthClientAsync();
        (string, string)[] inForm = method is "post" ? [("client_id", client.Id), ("client_secret", client.Secret)] : [];
        using var response = await host.PostFormAsync(
            ClientCalls.Token, [("grant_type", "client_credentials"), .. inForm], method is "basic" ? [client.Basic] : []);

        var answer = await response.ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(["access_token", "expires_in", "scope", "token_type"], answer.MemberNames());
        Assert.Equal(("Bearer", 600, "all:write"), (answer.Text("token_type"), answer.GetProperty("expires_in").GetInt32(), answer.Text("scope")));
        Assert.True(response.Headers.CacheControl is { NoStore: true });
        var token = answer.Text("access_token");
        var claims = Requests.ClaimsOf(token);
        Assert.Equal((client.Id, client.Id, "SERVICE"), (claims.Text("sub"), claims.Text("client_id"), claims.Text("role")));
        Assert.Equal(client.Id, (await host.IntrospectAsync(token, token)).Text("client_id"));
    }

    [Fact]
    public async Task A_scope_narrows_the_token_and_its_role()
    {
        var client = await host.NewOAuthClientAsync();

        var answer = await host.ClientTokenAsync(client, "files.upload:write jobs:read");

        Assert.Equal("files.upload:write jobs:read", answer.Text("scope"));
        Assert.Equal(["files.upload:write", "jobs:read"], Requests.ClaimsOf(answer.Text("access_token")).Texts("aud"));
        await host.IntrospectionAsync(answer.Text("access_token"), "x").OAuthErrorAsync(HttpStatusCode.Forbidden, "unauthorized_client");
    }

    [Theory]
    [InlineData("files")]
    [InlineData("special.thing:read")]
    [InlineData("files:read special.thing:read")]
    [InlineData("files:delete")]
    public async Task Other_scopes_are_not_given(string scope)
    {
        var client = await host.NewOAuthClientAsync();

        await host.PostFormAsync(ClientCalls.Token, [("grant_type", "client_credentials"), ("scope", scope)], client.Basic)
            .OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_scope");
    }

    [Fact]
    public async Task A_refresh_token_of_an_application_or_a_service_gets_what_refreshing_gets()
    {
        var (session, service) = (await host.SignedInPersonAsync(), await host.CreateServiceAsync());
        using var frozen = host.Clock.Freeze();

        foreach (var refreshToken in new[] { session.RefreshToken, service.RefreshToken })
        {
            (string, string)[] form = [("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", "anybody")];
            var answer = await host.PostFormAsync(ClientCalls.Token, form).ExpectAsync(HttpStatusCode.OK);
            Assert.Equal(Requests.ClaimsOf(await host.RefreshAsync(refreshToken)).GetRawText(), Requests.ClaimsOf(answer.Text("access_token")).GetRawText());
        }
    }

    [Fact]
    public async Task A_client_that_authenticates_is_named_in_the_token_that_it_refreshes()
    {
        var (client, session) = (await host.NewOAuthClientAsync(), await host.SignedInPersonAsync());

        (string, string)[] form = [("grant_type", "refresh_token"), ("refresh_token", session.RefreshToken), ("scope", "files:read")];

        var answer = await host.PostFormAsync(ClientCalls.Token, form, client.Basic).ExpectAsync(HttpStatusCode.OK);

        var claims = Requests.ClaimsOf(answer.Text("access_token"));
        Assert.Equal((client.Id, session.SessionId, "files:read"), (claims.Text("client_id"), claims.Text("sid"), Assert.Single(claims.Texts("aud"))));
        await host.GetAsync("/auth/sessions", answer.Text("access_token")).ExpectAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_refresh_token_that_does_not_hold_is_an_invalid_grant()
    {
        var (web, gone, delegated) = (await host.SignedInPersonAsync("web"), await host.SignedInPersonAsync(), await DelegatedAsync());
        await host.PostAsync("/auth/logout", gone.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        foreach (var token in new[] { web.RefreshToken, gone.RefreshToken, "x", web.AccessToken, "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" })
            await RefreshAsync(token).OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        await RefreshAsync(delegated, "jobs:read").OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_scope");
        await RefreshAsync(delegated, "files:read").ExpectAsync(HttpStatusCode.OK);

        Task<HttpResponseMessage> RefreshAsync(string token, string scope = "") =>
            host.PostFormAsync(ClientCalls.Token, [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)]);
    }

    [Fact]
    public async Task What_is_no_grant_is_refused_as_RFC_6749_says()
    {
        var client = await host.NewOAuthClientAsync();
        Task<HttpResponseMessage> SendAsync(params (string, string)[] fields) => host.PostFormAsync(ClientCalls.Token, fields, client.Basic);

        await SendAsync().OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        await SendAsync(("grant_type", "")).OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        await SendAsync(("grant_type", "password"), ("username", "admin")).OAuthErrorAsync(HttpStatusCode.BadRequest, "unsupported_grant_type");
        await SendAsync(("grant_type", "authorization_code"), ("code", "x")).OAuthErrorAsync(HttpStatusCode.BadRequest, "unsupported_grant_type");
        await SendAsync(("grant_type", "refresh_token")).OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        await SendAsync(("grant_type", "client_credentials"), ("grant_type", "client_credentials"))
            .OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        await host.PostAsync(ClientCalls.Token, json: new { grant_type = "client_credentials" })
            .OAuthErrorAsync(HttpStatusCode.UnsupportedMediaType, "invalid_request");
        await host.PostAsync(ClientCalls.Token).OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        await host.GetAsync(ClientCalls.Token).OAuthErrorAsync(HttpStatusCode.MethodNotAllowed, "invalid_request");
    }

    private async Task<string> DelegatedAsync()
    {
        var session = await host.SignedInPersonAsync();
        return (await host.DelegateAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, "files:read")).RefreshToken;
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : TokenEndpointTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : TokenEndpointTests(store.Host);
}
