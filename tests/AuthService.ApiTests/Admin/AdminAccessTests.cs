using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Admin;

/// <summary>Only an administrator with an unextended token may call the routes of /admin.</summary>
public abstract class AdminAccessTests(AuthHost host)
{
    public static TheoryData<string, string> Routes { get; } = new()
    {
        { "POST", "/admin/principals" },
        { "GET", "/admin/principals" },
        { "GET", "/admin/principals/{id}" },
        { "PATCH", "/admin/principals/{id}" },
        { "DELETE", "/admin/principals/{id}" },
        { "PUT", "/admin/principals/{id}/password" },
        { "POST", "/admin/principals/{id}/unlock" },
        { "POST", "/admin/principals/{id}/refresh-token" },
        { "GET", "/admin/principals/{id}/sessions" },
        { "DELETE", "/admin/principals/{id}/sessions" },
        { "DELETE", "/admin/principals/{id}/sessions/00000000-0000-7000-8000-000000000000" },
        { "GET", "/admin/login-services" },
        { "GET", "/admin/signing-keys" },
        { "GET", "/admin/audit" },
        { "POST", "/admin/webhooks" },
        { "GET", "/admin/webhooks" },
        { "GET", "/admin/webhooks/00000000-0000-7000-8000-000000000000" },
        { "PATCH", "/admin/webhooks/00000000-0000-7000-8000-000000000000" },
        { "DELETE", "/admin/webhooks/00000000-0000-7000-8000-000000000000" },
        { "POST", "/admin/webhooks/00000000-0000-7000-8000-000000000000/rotate" },
        { "POST", "/admin/webhooks/00000000-0000-7000-8000-000000000000/test" },
        { "GET", "/admin/webhooks/00000000-0000-7000-8000-000000000000/deliveries" },
        { "POST", "/admin/webhooks/00000000-0000-7000-8000-000000000000/deliveries/evt_1/redeliver" },
        { "POST", "/admin/webhooks/00000000-0000-7000-8000-000000000000/replay" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Others_are_refused_before_anything_else_is_looked_at(string method, string route)
    {
        var victim = await host.CreatePersonAsync();
        var path = route.Replace("{id}", victim.Id, StringComparison.Ordinal);
        var admin = await host.AdminTokenAsync();
        var narrowed = await host.ExtendAsync(await host.NewServiceTokenAsync("_svc"), admin, "files:write");
        var provider = await host.RefreshAsync((await host.CreateAsync(new { id = NewName("#P_access"), type = "PROVIDER" })).Text("refreshToken"));

        foreach (var bearer in new[] { (await host.SignedInPersonAsync()).AccessToken, await host.NewServiceTokenAsync(), provider, narrowed })
            Assert.Equal("FORBIDDEN", await SendAsync(method, path, bearer).ProblemAsync(HttpStatusCode.Forbidden));
        foreach (var bearer in new[] { null, "x", await host.OneTimeTokenAsync(admin, "all:write"), (await host.LoginAsync(victim)).RefreshToken })
        {
            using var response = await SendAsync(method, path, bearer);
            Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
            Assert.Equal("UNAUTHENTICATED", await Task.FromResult(response).ProblemAsync(HttpStatusCode.Unauthorized));
        }

        await host.LoginAsync(victim);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task An_administrator_is_let_in(string method, string route)
    {
        var person = await host.CreatePersonAsync();

        using var response = await SendAsync(method, route.Replace("{id}", person.Id, StringComparison.Ordinal), await host.AdminTokenAsync());

        Assert.True(response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            && (int)response.StatusCode < 500, $"{response.StatusCode}");
    }

    [Theory]
    [InlineData("GET", "/admin", HttpStatusCode.NotFound)]
    [InlineData("GET", "/admin/nothing", HttpStatusCode.NotFound)]
    [InlineData("POST", "/admin/principals/x/nothing", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/admin/principals", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/admin/principals/x", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/admin/principals/x/password", HttpStatusCode.MethodNotAllowed)]
    public async Task Unknown_routes_and_methods_are_problems_too(string method, string path, HttpStatusCode status) =>
        await SendAsync(method, path, await host.AdminTokenAsync()).ProblemAsync(status);

    private Task<HttpResponseMessage> SendAsync(string method, string path, string? bearer)
    {
        object? body = method is "POST" or "PUT" or "PATCH" ? new { id = "\t", password = "x", role = "NONE" } : null;
        return host.SendAsync(new HttpMethod(method), path, bearer, body);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : AdminAccessTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : AdminAccessTests(store.Host);
}
