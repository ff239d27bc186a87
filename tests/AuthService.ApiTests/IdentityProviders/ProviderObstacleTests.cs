using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>A sign-in with an identity provider creates no session while something prevents it. EveryWayIntoASessionTests has the other routes.</summary>
public abstract class ProviderObstacleTests(AuthHost host, ProviderHosts hosts) : IAsyncLifetime
{
    private PlainProvider _provider = null!;
    private AuthHost _twin = null!;

    public static TheoryData<string> Obstacles => [.. SignInObstacles.All, SignInObstacles.Factor];

    public async Task InitializeAsync()
    {
        _provider = hosts.Reset();
        _twin = await hosts.TwinAsync(_provider.SettingsFor("Example"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Obstacles))]
    public async Task It_makes_none(string obstacle)
    {
        using var frozen = _twin.Clock.Freeze();
        var (person, session) = await KnownPersonAsync();
        if (obstacle is SignInObstacles.Factor)
            await _twin.GuardedAsync(session, person);
        await _twin.PutAsync(person, obstacle);

        await ExpectNoneAsync(new ProviderBrowser(_twin), SignInObstacles.StatusOf(obstacle));

        await _twin.ExpectOnRecordAsync(person, obstacle);
    }

    [Fact]
    public async Task Who_is_changed_meanwhile_gets_none()
    {
        using var frozen = _twin.Clock.Freeze();
        var (person, _) = await KnownPersonAsync();
        await using var change = await host.Database.BeginAsync(
            $"UPDATE principals SET state = 1, security_stamp = security_stamp + 1 WHERE id = '{person.Id}'");
        var browser = new ProviderBrowser(_twin);

        var call = ExpectNoneAsync(browser, HttpStatusCode.Unauthorized);
        await change.ExpectToHoldUpAsync(call);
        await change.Transaction.CommitAsync();

        await call;
    }

    /// <summary>Creates a person through a first sign-in with the provider.</summary>
    private async Task<(Person Person, SignedIn Session)> KnownPersonAsync()
    {
        var id = NewName("person");
        _provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["preferred_username"] = id };
        var browser = new ProviderBrowser(_twin);
        (await browser.SignInAsync()).Dispose();
        var state = browser.AuthState();
        var session = new SignedIn(state.Text("accessToken"), state.Text("csrfToken"), browser.Cookies["refreshToken"], "refreshToken");
        Assert.Equal(id, Requests.ClaimsOf(session.AccessToken).Text("sub"));
        return (new Person(id, Password: "", Uuid: ""), session);
    }

    private static async Task ExpectNoneAsync(ProviderBrowser browser, HttpStatusCode status)
    {
        using var answer = await browser.SignInAsync();
        var page = await answer.ExpectPageAsync(status);
        Assert.Null(SignIns.RefreshCookieOf(answer));
        Assert.DoesNotContain("accessToken", page, StringComparison.Ordinal);
        Assert.False(browser.Cookies.ContainsKey("refreshToken"));
        Assert.False(browser.Cookies.ContainsKey("authState") && browser.AuthState().TryGetProperty("accessToken", out _));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(ProviderHosts<SqliteStore> hosts) : ProviderObstacleTests(hosts.Host, hosts), IClassFixture<ProviderHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ProviderHosts<PostgresStore> hosts) : ProviderObstacleTests(hosts.Host, hosts), IClassFixture<ProviderHosts<PostgresStore>>;
}
