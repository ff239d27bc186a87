using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Sessions;

/// <summary>Only services and administrators may call the Sessions API; everybody else is refused in its own error format.</summary>
public abstract class SessionsAccessTests(AuthHost host)
{
    [Fact]
    public async Task Without_a_valid_access_token_every_route_is_401()
    {
        var session = await host.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        string?[] bearers = [null, "nonsense", session.RefreshToken, await host.OneTimeTokenAsync(session.AccessToken, "all:write")];

        foreach (var bearer in bearers)
            await ExpectEverywhereAsync(bearer, HttpStatusCode.Unauthorized, "ACCESS_DENIED");
    }

    [Fact]
    public async Task Without_the_role_or_the_whole_scope_every_route_is_403()
    {
        var admin = await host.AdminTokenAsync();
        var provider = await host.PostAsync("/admin/principals", admin, new { id = NewName("#P_provider"), type = "PROVIDER" })
            .ExpectAsync(HttpStatusCode.Created);
        var extender = await host.NewServiceTokenAsync("_svc");
        string[] bearers =
        [
            (await host.SignedInPersonAsync()).AccessToken,
            await host.RefreshAsync(provider.Text("refreshToken")),
            await host.ExtendAsync(extender, admin, "files:write"),
            (await host.DelegateAsync(extender, admin, "files:write")).AccessToken,
        ];

        foreach (var bearer in bearers)
            await ExpectEverywhereAsync(bearer, HttpStatusCode.Forbidden, "ACCESS_DENIED");
    }

    [Fact]
    public async Task Whoever_is_let_in_finds_no_unknown_session_on_any_route()
    {
        foreach (var token in new[] { await host.NewServiceTokenAsync(), await host.AdminTokenAsync() })
        {
            foreach (var (method, path) in SessionRoutes.OfSession)
                await SendAsync(method, path, Guid.CreateVersion7().ToString(), token).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("0198a1b2-0000-7000-8000-00000000000")]
    [InlineData("0198a1b2-0000-7000-8000-0000000000000")]
    [InlineData("0198a1b2-0000-7000-8000-00000000000g")]
    [InlineData("'%20OR%201=1")]
    [InlineData("%F0%9F%8E%89")]
    public async Task A_malformed_id_is_400_on_every_route(string id)
    {
        var service = await host.NewServiceTokenAsync();

        foreach (var (method, path) in SessionRoutes.OfSession)
            await SendAsync(method, path, id, service).CodeAsync(HttpStatusCode.BadRequest, "BAD_REQUEST");
    }

    [Fact]
    public async Task Unknown_routes_and_methods_are_refused_in_the_same_words()
    {
        var service = await host.NewServiceTokenAsync();

        await host.GetAsync($"/sessions/{Guid.NewGuid()}/nowhere", service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        await host.PutAsync("/sessions", service, new { }).CodeAsync(HttpStatusCode.MethodNotAllowed, "BAD_REQUEST");
    }

    [Fact]
    public async Task An_unknown_product_is_told_from_an_unknown_session()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var id = await host.OpenAsync(service, person);

        var product = await host.TryEnableForAsync(service, id, product: "NOTHING").CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        var session = await host.TryEnableForAsync(service, Guid.NewGuid().ToString()).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");

        Assert.NotEqual(product, session, StringComparer.Ordinal);
    }

    private static string With(string path, string id) => path.Replace("ID", id, StringComparison.Ordinal);

    private async Task ExpectEverywhereAsync(string? bearer, HttpStatusCode status, string code)
    {
        foreach (var (method, path) in SessionRoutes.All)
            await SendAsync(method, path, Guid.CreateVersion7().ToString(), bearer).CodeAsync(status, code);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string id, string? bearer) =>
        host.SendAsync(method, With(path, id), bearer, SessionRoutes.BodyFor(path));

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SessionsAccessTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SessionsAccessTests(store.Host);
}
