using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.OAuth;

/// <summary>App tokens can be introspected and revoked; API keys cannot.</summary>
public abstract class AppTokenTests(AuthHost host)
{
    [Fact]
    public async Task An_app_token_is_told_by_its_application_until_it_ends()
    {
        var service = await host.NewServiceTokenAsync();
        var (application, token) = await NewAppTokenAsync(service);

        var answer = await host.IntrospectAsync(service, token);

        Assert.Equal(["active", "exp", "iat", "sub", "token_type", "token_use"], answer.MemberNames());
        Assert.Equal((application, "Bearer", "app_token"), (answer.Text("sub"), answer.Text("token_type"), answer.Text("token_use")));
        Assert.Equal(TimeSpan.FromDays(7), TimeSpan.FromSeconds(answer.GetProperty("exp").GetInt64() - answer.GetProperty("iat").GetInt64()));
        host.Clock.Advance(TimeSpan.FromDays(7));
        Assert.False(await host.IsActiveAsync(await host.NewServiceTokenAsync(), token));
    }

    [Fact]
    public async Task A_revoked_app_token_is_refused_and_the_others_of_its_application_are_not()
    {
        var service = await host.NewServiceTokenAsync();
        var (application, token) = await NewAppTokenAsync(service);
        var other = await AppTokenOfAsync(service, application);

        await host.RevokeAsync(service, token).ExpectAsync(HttpStatusCode.OK);
        await host.RevokeAsync(service, token).ExpectAsync(HttpStatusCode.OK);

        Assert.False(await host.IsActiveAsync(service, token));
        await host.GetAsync($"/api/v1/app/{application}/", token).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync($"/api/v1/app/{application}/", other).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_api_key_is_neither_told_nor_revoked_here()
    {
        var (service, admin) = (await host.CreateServiceAsync(), await host.AdminTokenAsync());
        var made = await host.PostAsync($"/admin/principals/{service.Id}/api-keys", admin, new { name = "ci" }).ExpectAsync(HttpStatusCode.Created);
        var key = made.Text("key");

        Assert.False(await host.IsActiveAsync(admin, key));
        await host.RevokeAsync(admin, key).OAuthErrorAsync(HttpStatusCode.BadRequest, "unsupported_token_type");
        await host.GetAsync("/api/v1/app/", key).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_app_token_is_accepted_by_neither_endpoint()
    {
        var (_, token) = await NewAppTokenAsync(await host.NewServiceTokenAsync());

        await host.IntrospectionAsync(token, token).OAuthErrorAsync(HttpStatusCode.Forbidden, "unauthorized_client");
        await host.RevokeAsync(token, token).OAuthErrorAsync(HttpStatusCode.Forbidden, "unauthorized_client");
    }

    private async Task<(string Application, string Token)> NewAppTokenAsync(string service)
    {
        var application = (await host.PostAsync("/api/v1/app/", service, new { name = NewName("application") }).ExpectAsync(HttpStatusCode.Created)).Text("id");
        return (application, await AppTokenOfAsync(service, application));
    }

    private async Task<string> AppTokenOfAsync(string service, string application) =>
        (await host.PostAsync($"/api/v1/auth/dashboard-access/{application}/", service).ExpectAsync(HttpStatusCode.OK)).Text("token");

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : AppTokenTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : AppTokenTests(store.Host);
}
