using System.Net;
using System.Net.Http.Headers;
using AuthService.Api.Pages;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.OAuth;

/// <summary>The key set (RFC 7517) and the metadata (RFC 8414) give other services what they need to verify tokens.</summary>
public abstract class WellKnownTests(AuthHost host)
{
    private const string Keys = "/.well-known/jwks.json";
    private const string Metadata = "/.well-known/oauth-authorization-server";

    [Fact]
    public async Task The_key_set_has_public_parts_only_and_verifies_our_tokens()
    {
        var key = Assert.Single(await host.PublishedKeysAsync()).Value;

        Assert.Equal(
            ["alg", "crv", "kid", "kty", "use", "x", "y"],
            key.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.Equal(("EC", "P-256", "ES256", "sig", "test-es256"), (key.Text("kty"), key.Text("crv"), key.Text("alg"), key.Text("use"), key.Text("kid")));
        Assert.True(SigningKeys.Verifies(key, await host.NewAdminTokenAsync()));
    }

    [Fact]
    public async Task The_metadata_says_who_issues_and_where_the_keys_are()
    {
        await using var own = await host.StartAnotherAsync(new() { ["Jwt:Issuer"] = "https://auth.example.com" });

        var metadata = await own.GetAsync(Metadata).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal("https://auth.example.com", metadata.Text("issuer"));
        Assert.Equal("https://auth.example.com/.well-known/jwks.json", metadata.Text("jwks_uri"));
        Assert.Empty(metadata.GetProperty("response_types_supported").EnumerateArray());
        Assert.Equal(metadata.GetRawText(), (await own.GetAsync("/.well-known/openid-configuration").ExpectAsync(HttpStatusCode.OK)).GetRawText());
    }

    /// <summary><see cref="ClientAuthenticationTests"/> and <see cref="TokenEndpointTests"/> prove that the endpoints really accept this.</summary>
    [Fact]
    public async Task The_metadata_says_what_the_endpoints_take()
    {
        var metadata = await host.GetAsync(Metadata).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal("http://localhost/oauth/token", metadata.Text("token_endpoint"));
        Assert.Equal(["client_credentials", "refresh_token"], metadata.Texts("grant_types_supported"));
        Assert.Equal(["client_secret_basic", "client_secret_post", "none"], metadata.Texts("token_endpoint_auth_methods_supported"));
        Assert.Equal("http://localhost/oauth/introspect", metadata.Text("introspection_endpoint"));
        Assert.Equal(["client_secret_basic", "client_secret_post", "Bearer"], metadata.Texts("introspection_endpoint_auth_methods_supported"));
        Assert.Equal("http://localhost/oauth/revoke", metadata.Text("revocation_endpoint"));
        Assert.Equal(["client_secret_basic", "client_secret_post"], metadata.Texts("revocation_endpoint_auth_methods_supported"));
        Assert.False(metadata.TryGetProperty("authorization_endpoint", out _));
    }

    [Fact]
    public async Task An_issuer_that_is_no_address_stands_in_tokens_and_metadata_as_it_is()
    {
        await using var own = await host.StartAnotherAsync(new() { ["Jwt:Issuer"] = "cloud.example", ["PublicAddress"] = "https://auth.example.com/" });

        var metadata = await own.GetAsync(Metadata).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(("cloud.example", "https://auth.example.com/.well-known/jwks.json"), (metadata.Text("issuer"), metadata.Text("jwks_uri")));
        var token = await own.AdminTokenAsync();
        Assert.Equal("cloud.example", Requests.ClaimsOf(token).Text("iss"));
        await own.GetAsync("/auth/sessions", token).ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(Keys)]
    [InlineData(Metadata)]
    [InlineData("/.well-known/openid-configuration")]
    public async Task They_may_be_cached_and_asked_for_again(string path)
    {
        using var first = await host.GetAsync(path);
        var tag = first.Headers.ETag!;

        Assert.Equal("application/json", first.Content.Headers.ContentType?.MediaType);
        Assert.True(first.Headers.CacheControl is { Public: true, NoStore: false, MaxAge: { } age } && age > TimeSpan.Zero, $"{first.Headers.CacheControl}");
        Assert.False(tag.IsWeak);

        using var unchanged = await host.SendAsync(HttpMethod.Get, path, headers: [("If-None-Match", $"{tag}")]);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal("", await unchanged.Content.ReadAsStringAsync());
        Assert.Equal(tag, unchanged.Headers.ETag);
        await host.SendAsync(HttpMethod.Get, path, headers: [("If-None-Match", $"\"other\", {tag}")]).ExpectAsync(HttpStatusCode.NotModified);
        await host.SendAsync(HttpMethod.Get, path, headers: [("If-None-Match", "\"other\"")]).ExpectAsync(HttpStatusCode.OK);
    }

    /// <summary>
    /// Otherwise a shared cache could give a page the response to a server's request. It lacks the CORS header, so the page could not
    /// read it.
    /// </summary>
    [Theory]
    [InlineData(Keys)]
    [InlineData(Metadata)]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/ssf-configuration")]
    [InlineData("/pages/VERSION/account.js")]
    public async Task A_cache_keeps_them_apart_by_the_origin_that_asks(string path)
    {
        var address = path.Replace("VERSION", PageFiles.Version, StringComparison.Ordinal);
        foreach (var (origin, allowed) in new (string?, string?)[] { (null, null), ("https://evil.example", null), (AuthHost.Origin, AuthHost.Origin) })
        {
            using var answer = await host.SendAsync(HttpMethod.Get, address, headers: origin is null ? [] : [("Origin", origin)]);

            Assert.True(answer.Headers.CacheControl is { Public: true }, $"{answer.Headers.CacheControl}");
            Assert.Equal("Origin", Assert.Single(answer.Headers.Vary));
            Assert.Equal(allowed, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) ? Assert.Single(origins) : null);
        }
    }

    [Theory]
    [InlineData(Keys)]
    [InlineData(Metadata)]
    [InlineData("/.well-known/openid-configuration")]
    public async Task They_are_public_and_take_no_notice_of_credentials(string path)
    {
        await host.GetAsync(path, "nonsense").ExpectAsync(HttpStatusCode.OK);
        await host.PostAsync(path).RefusalAsync(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Every_algorithm_signs_when_its_turn_comes_and_all_public_keys_are_published()
    {
        string[] algorithms = ["ES256", "ES384", "RS256", "PS256", "HS512"];
        var settings = new Settings();
        var start = TimeProvider.System.GetUtcNow();
        foreach (var (i, algorithm) in algorithms.Index())
            settings = settings.With(SigningKeys.At(i + 1, algorithm, $"k-{algorithm}", activeFrom: start.AddHours(i + 1)));
        await using var own = await host.StartAnotherAsync(settings);
        using var frozen = own.Clock.Freeze();

        var published = await own.PublishedKeysAsync();
        Assert.Equal(["k-ES256", "k-ES384", "k-PS256", "k-RS256", "test-es256"], published.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        string[] secret = ["d", "p", "q", "dp", "dq", "qi", "k"];
        Assert.All(published.Values, key =>
            Assert.Empty(key.EnumerateObject().Select(member => member.Name).Intersect(secret, StringComparer.Ordinal)));
        own.Clock.Advance(start.AddMinutes(1) - own.Clock.GetUtcNow());
        foreach (var algorithm in algorithms)
        {
            own.Clock.Advance(TimeSpan.FromHours(1));
            var token = await own.NewAdminTokenAsync();
            Assert.Equal((algorithm, $"k-{algorithm}"), (Requests.HeaderOf(token).Text("alg"), Requests.HeaderOf(token).Text("kid")));
            Assert.True(algorithm is "HS512" || SigningKeys.Verifies(published[$"k-{algorithm}"], token));
            await own.GetAsync("/auth/sessions", token).ExpectAsync(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_changed_key_set_has_another_tag()
    {
        await using var own = await host.StartTwinAsync(SigningKeys.At(1, "ES256", "second", activeFrom: host.Clock.GetUtcNow().AddDays(1)));
        using var first = await host.GetAsync(Keys);

        await own.SendAsync(HttpMethod.Get, Keys, headers: [("If-None-Match", $"{first.Headers.ETag}")]).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_unknown_document_is_not_found()
    {
        using var response = await host.GetAsync("/.well-known/nothing");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(new MediaTypeHeaderValue("application/json").MediaType, response.Content.Headers.ContentType?.MediaType);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : WellKnownTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : WellKnownTests(store.Host);
}
