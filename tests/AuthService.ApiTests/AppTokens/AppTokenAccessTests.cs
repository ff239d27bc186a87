using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens;

/// <summary>Services and administrators may call every route below /api/v1; an app token only reads its own application and logs itself out.</summary>
public abstract class AppTokenAccessTests(AuthHost host)
{
    [Fact]
    public async Task Without_a_valid_bearer_every_route_is_401()
    {
        string?[] bearers =
        [
            null, "nonsense", "rt_nonsense", "sk_", "sk_nonsense", "appsk_", "appsk_nonsense",
            $"sk_{new string('A', 43)}", $"appsk_{new string('A', 43)}", $"appsk_{new string('A', 9_000)}",
        ];

        foreach (var bearer in bearers)
            await ExpectEverywhereAsync(bearer, "app_0123456789abcdef0123456789abcdef", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_one_time_token_is_no_bearer_here()
    {
        var session = await host.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        var oneTime = await host.OneTimeTokenAsync(session.AccessToken, "all:write");

        foreach (var (method, path, body) in RoutesWith("app_0123456789abcdef0123456789abcdef"))
            await host.SendAsync(method, path, oneTime, body).DetailAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_the_role_or_the_whole_scope_every_route_is_403_before_anything_is_looked_up()
    {
        var admin = await host.AdminTokenAsync();
        var provider = await host.CreateAsync(new { id = NewName("#P_provider"), type = "PROVIDER" });
        var extender = await host.NewServiceTokenAsync("_svc");
        string[] bearers =
        [
            (await host.SignedInPersonAsync()).AccessToken,
            await host.RefreshAsync(provider.Text("refreshToken")),
            await host.ExtendAsync(extender, admin, "files:write"),
        ];

        foreach (var bearer in bearers)
            await ExpectEverywhereAsync(bearer, "unknown", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_administrator_may_do_what_services_may()
    {
        var admin = await host.AdminTokenAsync();

        var application = await host.CreateApplicationAsync(admin);

        await host.ExpectAcceptedAsync((await host.OpenDashboardAsync(admin, application)).Token, application);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task An_app_token_reads_its_own_application_by_id_and_uid_and_no_other(string slash)
    {
        var service = await host.NewServiceTokenAsync();
        var (own, other) = (await host.CreateApplicationAsync(service), await host.CreateApplicationAsync(service));
        var token = (await host.OpenDashboardAsync(service, own)).Token;

        foreach (var name in new[] { own.Id, own.Uid })
            Assert.Equal(own.Id, (await host.GetAsync($"{PathOf(name)}{slash}", token).ExpectAsync(HttpStatusCode.OK)).Text("id"));
        foreach (var name in new[] { other.Id, other.Uid, "unknown" })
            await host.GetAsync($"{PathOf(name)}{slash}", token).DetailAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Everything_else_is_403_to_an_app_token_and_changes_nothing()
    {
        var service = await host.NewServiceTokenAsync();
        var own = await host.CreateApplicationAsync(service);
        var token = (await host.OpenDashboardAsync(service, own)).Token;
        var tokens = await host.Database.CountAsync("app_tokens");

        foreach (var (method, path, body) in RoutesWith(own.Id).Where(route => route.Method != HttpMethod.Get || route.Path == AppTokenCalls.Applications))
        {
            await host.SendAsync(method, path, token, body).DetailAsync(HttpStatusCode.Forbidden);
            await host.SendAsync(method, $"{path}/", token, body).DetailAsync(HttpStatusCode.Forbidden);
        }

        Assert.Equal("An application", (await host.ShowApplicationAsync(service, own.Id)).Text("name"));
        Assert.Equal(tokens, await host.Database.CountAsync("app_tokens"));
        await host.ExpectAcceptedAsync(token, own);
    }

    [Fact]
    public async Task An_app_token_is_refused_everywhere_else()
    {
        var service = await host.NewServiceTokenAsync();
        var token = (await host.OpenDashboardAsync(service, await host.CreateApplicationAsync(service))).Token;
        (HttpMethod Method, string Path)[] routes =
        [
            (HttpMethod.Get, "/auth/sessions"),
            (HttpMethod.Post, "/auth/claim?jti=x"),
            (HttpMethod.Post, "/auth/request?audience=all:write"),
            (HttpMethod.Post, "/auth/refresh"),
            (HttpMethod.Post, "/auth/logout"),
            (HttpMethod.Get, "/account/auth/sessions"),
            (HttpMethod.Delete, "/sessions/expired"),
            (HttpMethod.Get, "/admin/principals"),
        ];

        foreach (var (method, path) in routes)
        {
            using var answer = await host.SendAsync(method, path, token);
            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
        }
    }

    [Fact]
    public async Task Answers_with_tokens_are_kept_by_no_cache()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);

        using var dashboard = await host.PostAsync(DashboardOf(application.Id), service);
        using var portal = await host.PostAsync(PortalOf(application.Id), service, new { });

        Assert.True(AuthCalls.IsNoStore(dashboard.Headers) && AuthCalls.IsNoStore(portal.Headers));
    }

    private static IEnumerable<(HttpMethod Method, string Path, object? Body)> RoutesWith(string id) =>
    [
        (HttpMethod.Get, AppTokenCalls.Applications, null),
        (HttpMethod.Post, AppTokenCalls.Applications, new { name = "changed" }),
        (HttpMethod.Get, PathOf(id), null),
        (HttpMethod.Put, PathOf(id), new { name = "changed" }),
        (HttpMethod.Delete, PathOf(id), null),
        (HttpMethod.Post, DashboardOf(id), null),
        (HttpMethod.Post, PortalOf(id), new { }),
        (HttpMethod.Post, ExpireAllOf(id), new { }),
    ];

    private async Task ExpectEverywhereAsync(string? bearer, string id, HttpStatusCode status)
    {
        foreach (var (method, path, body) in RoutesWith(id).Append((HttpMethod.Post, Logout, null)))
        {
            await host.SendAsync(method, path, bearer, body).DetailAsync(status);
            await host.SendAsync(method, $"{path}/", bearer, body).DetailAsync(status);
        }
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : AppTokenAccessTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : AppTokenAccessTests(store.Host);
}
