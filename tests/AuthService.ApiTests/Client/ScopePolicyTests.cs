using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Client;

/// <summary>Another service requires scopes and roles. A narrowed token has no role.</summary>
public abstract class ScopePolicyTests(AuthHost host)
{
    private static readonly (string Scopes, string Endpoint, HttpStatusCode Status)[] Endpoints =
    [
        ("files.upload:write", "/upload", HttpStatusCode.OK),
        ("files:write", "/upload", HttpStatusCode.OK),
        ("files:write:path!L2hvbWU=", "/upload", HttpStatusCode.OK),
        ("jobs:read,files:write", "/upload", HttpStatusCode.OK),
        ("all:write", "/upload", HttpStatusCode.OK),
        ("files.upload:read", "/upload", HttpStatusCode.Forbidden),
        ("files.upload.avatar:write", "/upload", HttpStatusCode.Forbidden),
        ("filesystem:write", "/upload", HttpStatusCode.Forbidden),
        ("all:read", "/upload", HttpStatusCode.Forbidden),
        ("files:read,jobs:write", "/both", HttpStatusCode.OK),
        ("files:read", "/both", HttpStatusCode.Forbidden),
    ];

    [Fact]
    public async Task An_endpoint_accepts_tokens_whose_scopes_cover_its_own()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        var admin = await host.AdminTokenAsync();

        foreach (var (scopes, endpoint, status) in Endpoints)
        {
            using var response = await files.GetAsync(endpoint, await host.OneTimeTokenAsync(admin, scopes));
            Assert.True(response.StatusCode == status, $"{scopes} at {endpoint}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Without_a_token_every_endpoint_is_401()
    {
        await using var files = await FileService.StartAsync(host);

        foreach (var endpoint in new[] { "/me", "/upload", "/both", "/admin", "/services" })
            await files.ExpectAsync(HttpStatusCode.Unauthorized, endpoint, token: null);
    }

    [Fact]
    public async Task A_role_is_that_of_the_token_and_no_narrowed_token_has_one()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        var (admin, user, service) = (await host.AdminTokenAsync(), (await host.SignedInPersonAsync()).AccessToken, await host.NewServiceTokenAsync("_svc"));

        await files.ExpectAsync(HttpStatusCode.OK, "/admin", admin);
        await files.ExpectAsync(HttpStatusCode.OK, "/admin", await host.OneTimeTokenAsync(admin, "all:write"));
        await files.ExpectAsync(HttpStatusCode.OK, "/services", service);
        await files.ExpectAsync(HttpStatusCode.Forbidden, "/admin", user);
        await files.ExpectAsync(HttpStatusCode.Forbidden, "/services", user);
        await files.ExpectAsync(HttpStatusCode.Forbidden, "/admin", await host.ExtendAsync(service, admin, "files:write"));
        await files.ExpectAsync(HttpStatusCode.Forbidden, "/admin", await host.OneTimeTokenAsync(admin, "files:write"));
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : ScopePolicyTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : ScopePolicyTests(store.Host);
}
