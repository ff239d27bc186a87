using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using AuthService.ApiTests.Hosting;
using AuthService.Client;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthService.ApiTests.Client;

/// <summary>A service has another scheme beside the package's, added before it or after it. The last one that is added is the default.</summary>
public abstract class SeveralSchemesTests(AuthHost host)
{
    private const string Other = "Other";
    private const string AsOther = "?other=ada";
    private const int OwnStatus = 418;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Scopes_and_fresh_proofs_are_those_of_the_token_whichever_scheme_is_the_default(bool otherIsDefault)
    {
        await using var files = await StartAsync(otherIsDefault);
        var token = (await host.SignedInPersonAsync()).AccessToken;

        foreach (var endpoint in new[] { "/upload", "/fresh", "/fresh-upload" })
        {
            await files.ExpectAsync(HttpStatusCode.OK, endpoint, token);
            using var response = await files.GetAsync(endpoint + AsOther, token: null);
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (response.StatusCode, response.Headers.WwwAuthenticate.ToString()));
        }
    }

    [Theory]
    [InlineData(false, "/either")]
    [InlineData(false, "/either-in-turn")]
    [InlineData(true, "/either")]
    [InlineData(true, "/either-in-turn")]
    public async Task A_token_that_cannot_be_checked_is_503_where_another_scheme_is_accepted_too(bool otherIsDefault, string endpoint)
    {
        await using var files = await StartAsync(otherIsDefault);
        var token = await host.NewAdminTokenAsync();
        files.Gateway.IsDown = true;

        using (var response = await files.GetAsync(endpoint, token))
        {
            await response.ExpectAsync(HttpStatusCode.ServiceUnavailable);
            Assert.NotNull(response.Headers.RetryAfter?.Delta);
            Assert.Empty(response.Headers.WwwAuthenticate);
        }

        await files.ExpectAsync(HttpStatusCode.OK, endpoint + AsOther, token);
        await files.ExpectAsync(HttpStatusCode.Unauthorized, endpoint, token: null);
        await files.ExpectAsync(HttpStatusCode.Unauthorized, "/other", token);
        files.Gateway.IsDown = false;
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await files.ExpectAsync(HttpStatusCode.OK, endpoint, token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_of_the_service_s_own_stays_wherever_it_is_registered(bool before)
    {
        var add = (IServiceCollection services) => services.AddSingleton<IAuthorizationMiddlewareResultHandler, OwnAnswer>();
        await using var files = await FileService.StartAsync(
            host, own: before ? new(Before: services => add(services)) : new(After: services => add(services)));

        await files.ExpectAsync((HttpStatusCode)OwnStatus, "/me", token: null);
    }

    private Task<FileService> StartAsync(bool otherIsDefault)
    {
        void Add(IServiceCollection services) => services.AddAuthentication(Other).AddScheme<AuthenticationSchemeOptions, OtherHandler>(Other, _ => { });
        return FileService.StartAsync(host, own: otherIsDefault ? new(After: Add, Map: Map) : new(Before: Add, Map: Map));
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/other", () => "ok").RequireAuthorization(policy => policy.AddAuthenticationSchemes(Other).RequireAuthenticatedUser());
        app.MapGet("/either", () => "ok").RequireAuthorization(
            policy => policy.AddAuthenticationSchemes(AuthServiceBearer.SchemeName, Other).RequireAuthenticatedUser());
        app.MapGet("/either-in-turn", () => "ok").RequireAuthorization(
            policy => policy.AddAuthenticationSchemes(Other, AuthServiceBearer.SchemeName).RequireAuthenticatedUser());
    }

    private sealed class OtherHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Query["other"] is [{ } name]
            ? AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, name)], Other)), Other))
            : AuthenticateResult.NoResult());
    }

    private sealed class OwnAnswer : IAuthorizationMiddlewareResultHandler
    {
        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            context.Response.StatusCode = OwnStatus;
            return Task.CompletedTask;
        }
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : SeveralSchemesTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : SeveralSchemesTests(store.Host);
}
