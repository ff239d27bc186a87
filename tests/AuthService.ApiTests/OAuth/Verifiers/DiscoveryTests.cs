using System.Net;
using System.Net.Http.Headers;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AuthService.ApiTests.OAuth.Verifiers;

/// <summary>
/// OAuth clients and token verifiers of other vendors work when they are configured with only the address of the service. The store is no part of what
/// they see.
/// </summary>
[Collection("sqlite 2")]
public sealed class DiscoveryTests(DiscoveryTests.Instance instance) : IClassFixture<DiscoveryTests.Instance>
{
    private readonly AuthHost _own = instance.Host;

    /// <summary>The issuer URL of the instance.</summary>
    private string Server => _own.Address.GetLeftPart(UriPartial.Authority);

    [Theory]
    [InlineData("openid-client", "basic", "oidc")]
    [InlineData("openid-client", "post", "oauth2")]
    [InlineData("oauth4webapi", "basic", "oauth2")]
    [InlineData("oauth4webapi", "post", "oidc")]
    public async Task A_service_gets_introspects_and_revokes_a_token(string library, string method, string algorithm)
    {
        var client = await _own.NewOAuthClientAsync();

        var life = await OAuthLibraries.CallAsync(
            "life", new { library, server = Server, id = client.Id, secret = client.Secret, method, algorithm, scope = "files:read" });

        Assert.Equal((600, "files:read"), (life.GetProperty("granted").GetProperty("expires_in").GetInt32(), life.GetProperty("granted").Text("scope")));
        Assert.Equal(client.Id, life.GetProperty("before").Text("client_id"));
        Assert.True(life.GetProperty("before").GetProperty("active").GetBoolean());
        Assert.False(life.GetProperty("after").GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task A_wrong_key_is_an_error_that_the_client_knows()
    {
        var client = await _own.NewOAuthClientAsync();

        var error = await OAuthLibraries.RefusedAsync("life", new
        {
            library = "openid-client",
            server = Server,
            id = client.Id,
            secret = $"{client.Secret}x",
            method = "post",
            algorithm = "oidc",
            scope = "files:read",
        });

        Assert.Equal(401, error.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Whoever_holds_a_refresh_token_refreshes()
    {
        var session = await _own.SignedInPersonAsync();

        var refreshed = await OAuthLibraries.CallAsync("refresh", new { server = Server, refreshToken = session.RefreshToken });

        Assert.Equal(session.SessionId, Requests.ClaimsOf(refreshed.Text("access_token")).Text("sid"));
        var error = await OAuthLibraries.RefusedAsync("refresh", new { server = Server, refreshToken = "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" });
        Assert.Equal((400, "invalid_grant"), (error.GetProperty("status").GetInt32(), error.Text("code")));
    }

    /// <summary>A verifier that requires the type of an access token must refuse a one-time token.</summary>
    [Theory]
    [InlineData("jose")]
    [InlineData("express")]
    public async Task A_verifier_takes_access_tokens_and_no_one_time_tokens(string library)
    {
        var session = await _own.SignedInPersonAsync();

        var claims = await OAuthLibraries.CallAsync(library, new { server = Server, token = session.AccessToken, audience = "all:write" });

        Assert.Equal((session.SessionId, Server), (claims.Text("sid"), claims.Text("iss")));
        var once = await _own.OneTimeTokenAsync(session.AccessToken, "all:write");
        await OAuthLibraries.RefusedAsync(library, new { server = Server, token = once, audience = "all:write" });
        await OAuthLibraries.RefusedAsync(library, new { server = Server, token = $"{session.AccessToken[..^6]}AAAAAA", audience = "all:write" });
    }

    /// <summary>Access tokens contain the scopes as audiences. A verifier names any one of them, or turns the check off.</summary>
    [Theory]
    [InlineData("all:write", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("files:read", HttpStatusCode.Unauthorized)]
    public async Task JwtBearer_needs_the_authority_alone(string? audience, HttpStatusCode expected)
    {
        await using var app = await StartAsync(options =>
        {
            (options.Authority, options.RequireHttpsMetadata) = (Server, false);
            (options.Audience, options.TokenValidationParameters.ValidateAudience) = (audience, audience is not null);
            options.TokenValidationParameters.ValidTypes = ["at+jwt"];
        });
        var session = await _own.SignedInPersonAsync();

        Assert.Equal(expected, await StatusAsync(app, session.AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, await _own.OneTimeTokenAsync(session.AccessToken, "all:write")));
    }

    private static async Task<WebApplication> StartAsync(Action<JwtBearerOptions> options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddAuthorization().AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options);
        var app = builder.Build();
        app.UseAuthentication().UseAuthorization();
        app.MapGet("/", () => "in").RequireAuthorization();
        await app.StartAsync();
        return app;
    }

    private static async Task<HttpStatusCode> StatusAsync(WebApplication app, string token)
    {
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.GetAsync("/");
        return response.StatusCode;
    }

    /// <summary>An instance with its own address as issuer.</summary>
    public sealed class Instance(SqliteStore store) : IAsyncLifetime
    {
        private AuthHost? _host;

        public AuthHost Host => _host!;

        public async Task InitializeAsync() => _host = await store.Host.StartAnotherAtOwnAddressAsync();

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }
}
