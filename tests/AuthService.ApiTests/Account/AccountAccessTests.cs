using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Account;

/// <summary>Only people may call the Account API; everybody else is refused in its own error format.</summary>
public abstract class AccountAccessTests(AuthHost host)
{
    private static readonly (HttpMethod Method, string Path)[] Routes =
    [
        (HttpMethod.Get, AccountCalls.Sessions),
        (HttpMethod.Get, $"{AccountCalls.Sessions}/active"),
        (HttpMethod.Get, $"{AccountCalls.Sessions}/count"),
        (HttpMethod.Delete, AccountCalls.Sessions),
        (HttpMethod.Delete, $"{AccountCalls.Sessions}/all"),
        (HttpMethod.Delete, $"{AccountCalls.Sessions}/0198a1b2-0000-7000-8000-000000000000"),
        (HttpMethod.Put, AccountCalls.Password),
    ];

    [Fact]
    public async Task Without_a_valid_access_token_every_route_is_401()
    {
        var session = await host.SignedInPersonAsync();
        string?[] bearers = [null, "nonsense", session.RefreshToken, await host.OneTimeTokenAsync(session.AccessToken, "all:write")];

        foreach (var bearer in bearers)
            await ExpectEverywhereAsync(bearer, HttpStatusCode.Unauthorized);

        await host.RefreshAsync(session.RefreshToken);
    }

    [Fact]
    public async Task Services_and_providers_are_403()
    {
        var provider = await host.PostAsync("/admin/principals", await host.AdminTokenAsync(), new { id = NewName("#P_provider"), type = "PROVIDER" })
            .ExpectAsync(HttpStatusCode.Created);

        await ExpectEverywhereAsync(await host.NewServiceTokenAsync(), HttpStatusCode.Forbidden);
        await ExpectEverywhereAsync(await host.RefreshAsync(provider.Text("refreshToken")), HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_narrowed_token_is_403_and_ends_nothing()
    {
        var session = await host.SignedInPersonAsync();
        var service = await host.NewServiceTokenAsync("_svc");

        await ExpectEverywhereAsync(await host.ExtendAsync(service, session.AccessToken, "files:write"), HttpStatusCode.Forbidden);
        await ExpectEverywhereAsync((await host.DelegateAsync(service, session.AccessToken, "files:write")).AccessToken, HttpStatusCode.Forbidden);

        Assert.Equal(2, await host.CountMineAsync(session.AccessToken));
    }

    [Fact]
    public async Task An_administrator_is_a_person_too()
    {
        var session = await host.SignedInPersonAsync(facts: new() { ["role"] = "ADMIN" });

        Assert.Equal([session.SessionId], await host.MySessionIdsAsync(session.AccessToken));
    }

    [Fact]
    public async Task Unknown_routes_and_methods_are_refused_in_the_same_words()
    {
        var session = await host.SignedInPersonAsync();

        await host.GetAsync("/account/nowhere", session.AccessToken).AccountRefusalAsync(HttpStatusCode.NotFound);
        await host.PostAsync(AccountCalls.Sessions, session.AccessToken).AccountRefusalAsync(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Stray_bodies_are_passed_over()
    {
        var session = await host.SignedInPersonAsync();

        await host.SendAsync(HttpMethod.Get, AccountCalls.Sessions, session.AccessToken, AuthCalls.Json("null")).ExpectAsync(HttpStatusCode.OK);
        await host.SendAsync(HttpMethod.Delete, AccountCalls.Sessions, session.AccessToken, new StringContent("?")).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Lists_are_not_to_be_stored()
    {
        var session = await host.SignedInPersonAsync();

        foreach (var path in new[] { "", "/active", "/count" })
        {
            using var response = await host.GetAsync(AccountCalls.Sessions + path, session.AccessToken);
            Assert.True(AuthCalls.IsNoStore(response.Headers));
        }
    }

    private async Task ExpectEverywhereAsync(string? bearer, HttpStatusCode status)
    {
        foreach (var (method, path) in Routes)
            await host.SendAsync(method, path, bearer).AccountRefusalAsync(status);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : AccountAccessTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : AccountAccessTests(store.Host);
}
