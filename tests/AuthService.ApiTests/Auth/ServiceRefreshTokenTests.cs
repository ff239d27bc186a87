using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>The refresh token of a service or provider does not belong to a session.</summary>
public abstract class ServiceRefreshTokenTests(AuthHost host)
{
    [Theory]
    [InlineData("SERVICE", "_renewed")]
    [InlineData("PROVIDER", "#P_renewed")]
    public async Task It_has_no_expiry(string type, string prefix)
    {
        var id = NewName(prefix);
        var made = await host.PostAsync("/admin/principals", await host.AdminTokenAsync(), new { id, type }).ExpectAsync(HttpStatusCode.Created);

        host.Clock.Advance(TimeSpan.FromDays(400));

        var claims = Requests.ClaimsOf(await host.RefreshAsync(made.Text("refreshToken")));
        Assert.Equal((id, type), (claims.Text("sub"), claims.Text("role")));
    }

    [Fact]
    public async Task Its_access_tokens_name_no_session()
    {
        var claims = Requests.ClaimsOf(await host.NewServiceTokenAsync());

        Assert.False(claims.TryGetProperty("sid", out _));
        Assert.False(claims.TryGetProperty("publicSessionReference", out _));
    }

    [Fact]
    public async Task Neither_logout_nor_bulkInvalidate_ends_it()
    {
        var service = await host.CreateServiceAsync();

        using var logout = await host.PostAsync("/auth/logout", service.RefreshToken);
        await host.RefreshAsync(service.RefreshToken);
        await host.PostAsync("/auth/logout/bulk", await host.AdminTokenAsync(), new { tokens = new[] { service.RefreshToken } })
            .ExpectAsync(HttpStatusCode.NoContent);

        await host.RefreshAsync(service.RefreshToken);
    }

    [Fact]
    public async Task It_is_no_cookie()
    {
        var service = await host.CreateServiceAsync();
        var session = await host.SignedInPersonAsync("web");

        await host.TryWebRefreshAsync(session with { RefreshToken = service.RefreshToken }).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("renew")]
    [InlineData("disable")]
    [InlineData("disable and enable")]
    [InlineData("delete")]
    public async Task Renewal_and_disabling_and_deletion_end_it(string change)
    {
        var service = await host.CreateServiceAsync();
        await host.RefreshAsync(service.RefreshToken);

        await RevokedByChangeTests.EndServiceAsync(host, service.Id, change);

        await host.TryRefreshAsync(service.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_renewed_one_works()
    {
        var service = await host.CreateServiceAsync();
        var path = $"/admin/principals/{service.Id}/refresh-token";

        var renewed = await host.PostAsync(path, await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);

        Assert.NotEqual(service.RefreshToken, renewed.Text("refreshToken"), StringComparer.Ordinal);
        Assert.Equal(service.Id, Requests.ClaimsOf(await host.RefreshAsync(renewed.Text("refreshToken"))).Text("sub"));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ServiceRefreshTokenTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ServiceRefreshTokenTests(store.Host);
}
