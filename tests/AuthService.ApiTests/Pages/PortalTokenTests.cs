using System.Net;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Pages;

/// <summary>The portal page can read for which application a magic link's token is valid.</summary>
public abstract class PortalTokenTests(AuthHost host)
{
    private const string Path = "/portal/token";

    [Fact]
    public async Task It_tells_for_which_application_it_is_until_when_and_with_what()
    {
        using var frozen = host.Clock.Freeze();
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        var portal = await host.PostAsync(
            AppTokenCalls.PortalOf(application.Id), service, new { expiry = 3600, featureFlags = new[] { "invoices", "exports" } }).PortalAsync();

        using var response = await host.GetAsync(Path, portal.Token);
        var answer = await response.ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(["application", "expiresAt", "featureFlags"], answer.MemberNames());
        Assert.Equal(("An application", application.Uid), (answer.GetProperty("application").Text("name"), answer.GetProperty("application").Text("uid")));
        Assert.Equal(host.Clock.GetUtcNow().AddHours(1), answer.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        Assert.Equal(["invoices", "exports"], answer.Texts("featureFlags"));
        Assert.True(AuthCalls.IsNoStore(response.Headers));
    }

    [Fact]
    public async Task An_expired_token_tells_nothing()
    {
        var service = await host.NewServiceTokenAsync();
        var portal = await host.OpenDashboardAsync(service, await host.CreateApplicationAsync(service));
        await host.PostAsync(AppTokenCalls.Logout, portal.Token).ExpectAsync(HttpStatusCode.NoContent);

        await host.GetAsync(Path, portal.Token).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync(Path).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Other_kinds_of_tokens_are_refused()
    {
        var session = await host.SignedInPersonAsync();

        await host.GetAsync(Path, session.AccessToken).RefusalAsync(HttpStatusCode.Forbidden);
        await host.GetAsync(Path, await host.NewServiceTokenAsync()).RefusalAsync(HttpStatusCode.Forbidden);
        await host.GetAsync(Path, session.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : PortalTokenTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : PortalTokenTests(store.Host);
}
