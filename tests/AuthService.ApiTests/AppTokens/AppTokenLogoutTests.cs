using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;

namespace AuthService.ApiTests.AppTokens;

/// <summary>An app token can log itself out. Any other kind of token is refused and stays valid.</summary>
public abstract class AppTokenLogoutTests(AuthHost host)
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task The_token_is_refused_at_once_on_each_instance_and_the_others_are_not(string slash)
    {
        await using var twin = await host.StartTwinAsync();
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        var (token, other) = ((await host.OpenDashboardAsync(service, application)).Token, (await host.OpenDashboardAsync(service, application)).Token);
        await twin.ExpectAcceptedAsync(token, application);

        await host.PostAsync($"{Logout}{slash}", token).ExpectAsync(HttpStatusCode.NoContent);

        foreach (var instance in new[] { twin, host })
        {
            await instance.ExpectRefusedAsync(token, application);
            await instance.PostAsync(Logout, token).DetailAsync(HttpStatusCode.Unauthorized);
            await instance.ExpectAcceptedAsync(other, application);
        }
    }

    [Fact]
    public async Task Of_many_logouts_of_one_token_one_succeeds()
    {
        await using var twin = await host.StartTwinAsync();
        var service = await host.NewServiceTokenAsync();
        var token = (await host.OpenDashboardAsync(service, await host.CreateApplicationAsync(service))).Token;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? host : twin).PostAsync(Logout, token)));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode is HttpStatusCode.NoContent));
        Assert.Equal(19, answers.Count(answer => answer.StatusCode is HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task An_access_token_is_refused_and_goes_on_holding()
    {
        var (person, service) = (await host.SignedInPersonAsync(), await host.NewServiceTokenAsync());

        foreach (var token in new[] { person.AccessToken, service, await host.AdminTokenAsync() })
            await host.PostAsync(Logout, token).DetailAsync(HttpStatusCode.Forbidden);

        await host.GetAsync("/auth/sessions", person.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await host.RefreshAsync(person.RefreshToken);
        await host.CreateApplicationAsync(service);
    }

    [Fact]
    public async Task An_API_key_is_refused_and_goes_on_holding()
    {
        var key = (await host.NewApiKeyAsync()).Key;

        await host.PostAsync(Logout, key).DetailAsync(HttpStatusCode.Forbidden);

        await host.CreateApplicationAsync(key);
    }

    [Fact]
    public async Task A_refresh_token_and_a_one_time_token_are_refused_and_go_on_holding()
    {
        var (person, service) = (await host.SignedInPersonAsync(), await host.NewServiceTokenAsync());
        var oneTime = await host.PostAsync("/auth/request?audience=all:write", person.AccessToken).ExpectAsync(HttpStatusCode.OK);

        foreach (var token in new[] { person.RefreshToken, oneTime.Text("accessToken") })
            await host.PostAsync(Logout, token).DetailAsync(HttpStatusCode.Forbidden);

        await host.RefreshAsync(person.RefreshToken);
        await host.TryClaimAsync(service, oneTime.Text("jti")).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Whatever_body_comes_along_is_passed_over()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);

        foreach (var (body, type) in new[] { ("", "text/plain;charset=UTF-8"), ("null", "application/json"), ("{}", "application/x-www-form-urlencoded") })
        {
            var token = (await host.OpenDashboardAsync(service, application)).Token;
            await host.PostAsync(Logout, token, AuthCalls.Raw(System.Text.Encoding.UTF8.GetBytes(body), type)).ExpectAsync(HttpStatusCode.NoContent);
            await host.ExpectRefusedAsync(token, application);
        }
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : AppTokenLogoutTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : AppTokenLogoutTests(store.Host);
}
