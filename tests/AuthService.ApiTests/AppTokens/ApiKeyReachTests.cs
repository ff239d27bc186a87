using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens;

/// <summary>An API key works like an access token of its service at every endpoint that accepts services, and nowhere else.</summary>
public abstract class ApiKeyReachTests(AuthHost host)
{
    [Fact]
    public async Task It_claims_extends_and_invalidates_at_the_Auth_API()
    {
        var key = (await host.NewApiKeyAsync((await host.CreateServiceAsync("_svc")).Id)).Key;
        var (person, jti) = (await host.SignedInPersonAsync(), NewName("jti"));

        await host.TryClaimAsync(key, jti).ExpectAsync(HttpStatusCode.NoContent);
        await host.TryClaimAsync(key, jti).ExpectAsync(HttpStatusCode.Conflict);
        var extended = Requests.ClaimsOf(await host.ExtendAsync(key, person.AccessToken, "files:read"));
        await host.PostAsync("/auth/logout/bulk", key, new { tokens = new[] { person.RefreshToken } }).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal("_svc", extended.Text("extendedBy"));
        await host.ExpectEndedAsync(person);
    }

    [Fact]
    public async Task It_opens_looks_at_and_ends_sessions()
    {
        var key = (await host.NewApiKeyAsync()).Key;

        var id = await host.OpenAsync(key, await host.CreatePersonAsync());

        Assert.Equal("ENABLED", await host.StateAsync(key, id));
        await host.EndAsync(key, id);
        await host.DeleteAsync("/sessions", key).CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");
    }

    [Fact]
    public async Task It_works_with_applications_and_their_tokens()
    {
        var key = (await host.NewApiKeyAsync()).Key;

        var application = await host.CreateApplicationAsync(key);
        var portal = await host.OpenPortalAsync(key, application);
        await host.PostAsync(ExpireAllOf(application.Id), key, new { }).ExpectAsync(HttpStatusCode.NoContent);
        await host.DeleteAsync(PathOf(application.Id), key).ExpectAsync(HttpStatusCode.NoContent);

        await host.ExpectRefusedAsync(portal.Token, application);
    }

    [Fact]
    public async Task Where_services_are_not_let_in_it_is_not_either()
    {
        var key = (await host.NewApiKeyAsync()).Key;

        await host.GetAsync("/auth/sessions", key).RefusedAsync(HttpStatusCode.Forbidden);
        await host.DeleteAsync("/auth/sessions", key).RefusedAsync(HttpStatusCode.Forbidden);
        await host.GetAsync("/account/auth/sessions", key).RefusalAsync(HttpStatusCode.Forbidden);
        await host.GetAsync("/admin/principals", key).RefusalAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task It_is_no_refresh_token_and_no_token_to_extend()
    {
        var (key, service) = ((await host.NewApiKeyAsync()).Key, await host.NewServiceTokenAsync("_svc"));

        await host.TryRefreshAsync(key).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.PostAsync("/auth/logout", key).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.TryExtendAsync(service, key, ["files:read"]).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.PostAsync("/auth/logout/bulk", service, new { tokens = new[] { key } }).ExpectAsync(HttpStatusCode.NoContent);

        await host.GetAsync(AppTokenCalls.Applications, key).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_does_not_expire_and_no_renewed_refresh_token_ends_it()
    {
        await using var own = await host.StartAnotherAsync();
        var service = await own.CreateServiceAsync();
        var key = (await own.NewApiKeyAsync(service.Id)).Key;
        await own.CreateServiceAsync(service.Id);

        own.Clock.Advance(TimeSpan.FromDays(400));

        await own.GetAsync(AppTokenCalls.Applications, key).ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(-1, 'A')]
    [InlineData(-1, '!')]
    [InlineData(3, 'A')]
    public async Task With_one_character_changed_it_is_nothing(int at, char to)
    {
        var key = (await host.NewApiKeyAsync()).Key;
        var index = at < 0 ? key.Length + at : at;
        var changed = key[index] == to ? 'B' : to;

        await host.GetAsync(AppTokenCalls.Applications, $"{key[..index]}{changed}{key[(index + 1)..]}").DetailAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync(AppTokenCalls.Applications, key.ToUpperInvariant()).DetailAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync(AppTokenCalls.Applications, key + "A").DetailAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync(AppTokenCalls.Applications, key).ExpectAsync(HttpStatusCode.OK);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ApiKeyReachTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ApiKeyReachTests(store.Host);
}
