using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Pages;

/// <summary>The sign-in that the account page leads to returns to the account page.</summary>
public abstract class AccountServiceTests(AuthHost host)
{
    [Fact]
    public async Task The_page_is_a_login_service_that_nobody_has_to_configure()
    {
        Assert.Contains("href=\"/login?service=account\"", await TextAsync(host, "/account"), StringComparison.Ordinal);

        Assert.Contains("data-endpoint=\"http://localhost/account\"", await TextAsync(host, "/login?service=account"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_configured_for_the_page_is_taken()
    {
        await using var own = await host.StartTwinAsync(new() { ["LoginServices:people:Endpoint"] = "http://localhost/account" });

        Assert.Contains("href=\"/login?service=people\"", await TextAsync(own, "/account"), StringComparison.Ordinal);
        await own.GetAsync("/login?service=account").ExpectAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("Application", "http://localhost/elsewhere")]
    [InlineData("Web", "http://localhost/elsewhere")]
    public async Task A_service_of_that_name_that_leads_elsewhere_is_not_taken_for_it(string mode, string endpoint)
    {
        await using var own = await host.StartTwinAsync(
            new() { ["LoginServices:account:Mode"] = mode, ["LoginServices:account:Endpoint"] = endpoint });

        Assert.Contains("href=\"/login\"", await TextAsync(own, "/account"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_without_a_service_is_for_one_that_is_configured() =>
        Assert.DoesNotContain("localhost/account", await TextAsync(host, "/login"), StringComparison.Ordinal);

    [Fact]
    public async Task Its_sign_in_leads_there()
    {
        var person = await host.CreatePersonAsync();
        var form = new FormUrlEncodedContent([new("username", person.Id), new("password", person.Password), new("service", "account")]);

        using var answer = await host.SendAsync(HttpMethod.Post, "/login?service=account", json: form);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("href=\"http://localhost/account\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(AuthHost at, string path)
    {
        using var answer = await at.GetAsync(path);
        await answer.ExpectAsync(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync();
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : AccountServiceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : AccountServiceTests(store.Host);
}
