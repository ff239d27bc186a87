using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Http;

/// <summary>The service works at https://host/auth-svc, behind a proxy that removes the prefix and behind one that keeps it.</summary>
public abstract partial class PathPrefixTests(AuthHost host)
{
    private const string Prefix = "/auth-svc";
    private const string Page = "text/html";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_link_of_a_page_leads_to_something(bool strips)
    {
        await using var site = await PrefixedSite.OpenAsync(host, Prefix, strips);

        foreach (var (path, least) in new[] { ("/login?service=web", 3), ("/account", 6), ("/portal", 5) })
        {
            var links = Links().Matches(await site.GetTextAsync(Prefix + path)).Select(match => WebUtility.HtmlDecode(match.Groups["address"].Value))
                .Where(link => !link.StartsWith('#')).Distinct(StringComparer.Ordinal).ToList();
            Assert.True(links.Count >= least, $"{path} has only {string.Join(' ', links)}");
            foreach (var link in links)
            {
                Assert.StartsWith($"{Prefix}/", link, StringComparison.Ordinal);
                await site.GetTextAsync(link);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_form_of_the_sign_in_page_signs_in(bool strips)
    {
        await using var site = await PrefixedSite.OpenAsync(host, Prefix, strips);
        var person = await host.CreatePersonAsync();
        var action = WebUtility.HtmlDecode(Action().Match(await site.GetTextAsync($"{Prefix}/login")).Groups["address"].Value);
        var form = new FormUrlEncodedContent([new("username", person.Id), new("password", person.Password), new("service", "web")]);

        using var answer = await site.Http.SendAsync(HttpMethod.Post, action, json: form, headers: ("Accept", Page));

        await answer.ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(
            "/ / /", string.Join(' ', SetCookie.AllOf(answer.Headers).Select(cookie => cookie.Attributes["path"]))); // the prefix __Host- requires this path
        var session = new SignedIn("", "", SignIns.RefreshCookieOf(answer)!.Value, SignIns.RefreshCookieOf(answer)!.Name);
        var state = JsonElement.Parse(Uri.UnescapeDataString(SetCookie.AllOf(answer.Headers).Single(cookie => cookie.Name == "authState").Value));
        session = session with { CsrfToken = state.Text("csrfToken") };
        await site.Http.SendAsync(HttpMethod.Post, $"{Prefix}/auth/refresh/web", headers: SignIns.AsBrowser(session)).ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_address_itself_sends_a_browser_to_the_account_page(bool strips)
    {
        await using var site = await PrefixedSite.OpenAsync(host, Prefix, strips);

        foreach (var address in new[] { Prefix, $"{Prefix}/" })
        {
            using var answer = await site.Http.SendAsync(HttpMethod.Get, address, headers: ("Accept", Page));
            Assert.Equal((HttpStatusCode.Redirect, $"{Prefix}/account"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        }
    }

    [Fact]
    public async Task The_address_of_the_second_step_leads_to_the_sign_in_page()
    {
        await using var site = await PrefixedSite.OpenAsync(host, Prefix, strips: true);

        using var answer = await site.Http.GetAsync($"{Prefix}/login/second-step");

        Assert.Equal((HttpStatusCode.Redirect, $"{Prefix}/login"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_metadata_lead_to_endpoints_that_answer(bool strips)
    {
        await using var site = await PrefixedSite.OpenAsync(host, Prefix, strips);

        var signals = await site.Http.GetAsync($"{Prefix}/.well-known/ssf-configuration").ExpectAsync(HttpStatusCode.OK);
        Assert.EndsWith($"{Prefix}/ssf/stream", signals.Text("configuration_endpoint"), StringComparison.Ordinal);
        var metadata = await site.Http.GetAsync($"{Prefix}/.well-known/openid-configuration").ExpectAsync(HttpStatusCode.OK);
        var described = await site.Http.GetAsync($"{Prefix}/").ExpectAsync(HttpStatusCode.OK);

        Assert.Equal($"{site.Address}/oauth/token", metadata.Text("token_endpoint"));
        Assert.Single((await site.Http.GetAsync(metadata.Text("jwks_uri")).ExpectAsync(HttpStatusCode.OK)).GetProperty("keys").EnumerateArray());
        await site.Http.PostAsync(metadata.Text("introspection_endpoint"), content: null).ExpectAsync(HttpStatusCode.Unauthorized);
        Assert.All(["account", "metadata", "documentation", "health"], name =>
            Assert.StartsWith($"{site.Address}/", described.Text(name), StringComparison.Ordinal));
        await site.GetTextAsync(new Uri(described.Text("metadata")).AbsolutePath);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_created_is_where_its_address_says(bool strips)
    {
        await using var site = await PrefixedSite.OpenAsync(host, Prefix, strips);
        var (admin, service) = (await host.AdminTokenAsync(), await host.NewServiceTokenAsync());
        var key = ("Idempotency-Key", NewName("key"));

        using var person = await site.Http.SendAsync(HttpMethod.Post, $"{Prefix}/admin/principals", admin, new { id = NewName("ada ü") });
        using var first = await site.Http.SendAsync(HttpMethod.Post, $"{Prefix}{AppTokenCalls.Applications}", service, new { name = "n" }, key);
        using var again = await site.Http.SendAsync(HttpMethod.Post, $"{Prefix}{AppTokenCalls.Applications}", service, new { name = "n" }, key);

        await site.FollowAsync(person, admin);
        await site.FollowAsync(first, service);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Swagger_UI_finds_its_documents_and_they_find_the_service(bool strips)
    {
        await using var site = await PrefixedSite.OpenAsync(host, Prefix, strips);

        var page = await site.GetTextAsync($"{Prefix}/swagger/index.html");
        var scripts = Links().Matches(page).Select(match => match.Groups["address"].Value).ToList();
        foreach (var script in scripts)
            await site.GetTextAsync($"{Prefix}/swagger/{script}");
        var addresses = Documents().Matches(await site.GetTextAsync($"{Prefix}/swagger/index.js")).Select(match => match.Groups["address"].Value).ToList();

        Assert.True(scripts.Count > 3 && addresses.Count > 5, $"{scripts.Count} files, {addresses.Count} documents");
        foreach (var address in addresses)
        {
            var servers = (await site.Http.GetAsync($"{Prefix}/swagger/{address}").ExpectAsync(HttpStatusCode.OK)).GetProperty("servers");
            Assert.Equal([Prefix, site.Address], servers.EnumerateArray().Select(server => server.Text("url")), StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task A_refusal_is_in_the_words_of_its_API()
    {
        await using var site = await PrefixedSite.OpenAsync(host, Prefix, strips: false);

        foreach (var (path, member) in new[] { ("/auth/nothing", "why"), ("/admin/nothing", "code"), ("/oauth/nothing", "error") })
        {
            var refusal = await site.Http.GetAsync(Prefix + path).ExpectAsync(HttpStatusCode.NotFound);
            Assert.True(refusal.TryGetProperty(member, out _), refusal.ToString());
        }
    }

    [GeneratedRegex("(?:href|src)=\"(?<address>[^\"]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Links();

    [GeneratedRegex("action=\"(?<address>[^\"]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Action();

    [GeneratedRegex("\"url\":\"(?<address>[^\"]+/swagger\\.json)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Documents();

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : PathPrefixTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : PathPrefixTests(store.Host);
}
