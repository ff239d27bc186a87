using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Pages;

/// <summary>The root address of the service leads to the right page or links.</summary>
public abstract class WelcomeTests(AuthHost host)
{
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task A_browser_is_sent_to_the_page_for_people(string method)
    {
        using var response = await SendAsync(host, method, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

        Assert.Equal((HttpStatusCode.Found, "/account"), (response.StatusCode, response.Headers.Location?.OriginalString));
        await host.GetAsync("/account").ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData(null)]
    public async Task A_program_learns_what_answers_here_and_where_to_read_on(string? accept)
    {
        await using var own = await host.StartTwinAsync(new() { ["PublicAddress"] = "https://auth.example.com" });

        using var response = await SendAsync(own, "GET", accept);
        var answer = await response.ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(["account", "documentation", "health", "metadata", "name", "version"], answer.MemberNames());
        Assert.Equal("AuthService", answer.Text("name"));
        Assert.NotEmpty(answer.Text("version"));
        foreach (var member in new[] { "account", "documentation", "health", "metadata" })
        {
            Assert.StartsWith("https://auth.example.com/", answer.Text(member), StringComparison.Ordinal);
            using var there = await own.GetAsync(new Uri(answer.Text(member)).AbsolutePath);
            Assert.True((int)there.StatusCode < 400, $"{member}: {there.StatusCode}");
        }
    }

    [Fact]
    public async Task Documents_that_are_not_shown_are_not_named()
    {
        await using var own = await host.StartTwinAsync(new() { ["Swagger:Enabled"] = "false" });

        using var response = await SendAsync(own, "GET", "*/*");

        Assert.False((await response.ExpectAsync(HttpStatusCode.OK)).TryGetProperty("documentation", out _));
    }

    [Fact]
    public async Task HEAD_is_answered_without_a_body()
    {
        using var response = await SendAsync(host, "HEAD", "*/*");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    private static Task<HttpResponseMessage> SendAsync(AuthHost to, string method, string? accept) =>
        to.SendAsync(HttpMethod.Parse(method), "/", headers: accept is null ? [] : [("Accept", accept)]);

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : WelcomeTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : WelcomeTests(store.Host);
}
