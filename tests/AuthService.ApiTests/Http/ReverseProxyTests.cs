using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http;

/// <summary>Two instances work behind a proxy that terminates TLS, and callers cannot pretend to be that proxy.</summary>
public abstract class ReverseProxyTests(AuthHost host)
{
    private const string Caller = "127.0.0.5";
    private const string OtherCaller = "127.0.0.6";

    private static readonly (string Name, string Value)[] Forged =
    [
        ("X-Forwarded-For", "203.0.113.7"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Original-For", "203.0.113.7"),
        ("Forwarded", "for=203.0.113.7;proto=https;host=evil.example"),
    ];

    private static readonly Settings BehindProxy = new() { ["ReverseProxy:KnownProxies:0"] = "127.0.0.1" };

    [Fact]
    public async Task Through_the_proxy_it_is_https_and_the_caller_is_who_called_the_proxy()
    {
        await using var site = await Site.OpenAsync(host, BehindProxy);
        using var browser = FrontProxy.ClientAt(Caller, site.Proxy.Address);

        using var answer = await LoginAsync(browser);

        var cookie = SignIns.RefreshCookieOf(answer)!;
        Assert.Equal("__Host-refreshToken", cookie.Name);
        Assert.True(cookie.Attributes.ContainsKey("secure"));
        Assert.True(answer.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal(Caller, await AddressSeenAsync(answer));
    }

    [Fact]
    public async Task A_session_goes_on_at_whichever_instance_the_proxy_chooses()
    {
        await using var site = await Site.OpenAsync(host, BehindProxy);
        using var browser = FrontProxy.ClientAt(Caller, site.Proxy.Address);
        using var login = await LoginAsync(browser);
        var body = await login.ExpectAsync(HttpStatusCode.OK);
        var session = new SignedIn(body.Text("accessToken"), body.Text("csrfToken"), SignIns.RefreshCookieOf(login)!.Value, "__Host-refreshToken");

        for (var call = 0; call < 4; call++)
            await SendAsync(browser, HttpMethod.Post, "/auth/refresh/web", SignIns.AsBrowser(session)).ExpectAsync(HttpStatusCode.OK);
        await SendAsync(browser, HttpMethod.Post, "/auth/logout/web", SignIns.AsBrowser(session)).ExpectAsync(HttpStatusCode.NoContent);
        for (var call = 0; call < 2; call++)
            await SendAsync(browser, HttpMethod.Post, "/auth/refresh/web", SignIns.AsBrowser(session)).ExpectAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_a_caller_of_the_proxy_claims_is_not_believed()
    {
        await using var site = await Site.OpenAsync(host, BehindProxy);
        using var browser = FrontProxy.ClientAt(Caller, site.Proxy.Address);

        using var answer = await LoginAsync(browser, Forged);

        Assert.Equal("__Host-refreshToken", SignIns.RefreshCookieOf(answer)!.Name);
        Assert.Equal(Caller, await AddressSeenAsync(answer));
    }

    [Fact]
    public async Task Who_goes_round_the_proxy_and_forges_its_headers_is_believed_nothing()
    {
        await using var site = await Site.OpenAsync(host, BehindProxy);
        using var browser = FrontProxy.ClientAt(Caller, site.First.Address);

        using var answer = await LoginAsync(browser, Forged);

        var cookie = SignIns.RefreshCookieOf(answer)!;
        Assert.Equal("refreshToken", cookie.Name);
        Assert.False(cookie.Attributes.ContainsKey("secure"));
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal(Caller, await AddressSeenAsync(answer));
    }

    [Theory]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/nowhere")]
    public async Task No_answer_depends_on_a_host_that_a_header_names(string path)
    {
        await using var site = await Site.OpenAsync(host, BehindProxy);
        using var browser = FrontProxy.ClientAt(Caller, site.Proxy.Address);
        using var direct = FrontProxy.ClientAt(Caller, site.First.Address);

        using var forged = await SendAsync(browser, HttpMethod.Get, path, Forged);
        using var plain = await SendAsync(direct, HttpMethod.Get, path);

        Assert.Equal(Comparable(await plain.Content.ReadAsStringAsync()), Comparable(await forged.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Each_caller_of_the_proxy_has_a_budget_at_each_instance_whatever_they_claim()
    {
        await using var site = await Site.OpenAsync(host, BehindProxy.With(new() { ["RateLimits:Enabled"] = "true", ["RateLimits:PerIpPerSecond"] = "5" }));
        using var frozen = host.Clock.Freeze();
        using var one = FrontProxy.ClientAt(Caller, site.Proxy.Address);
        using var other = FrontProxy.ClientAt(OtherCaller, site.Proxy.Address);

        Assert.Equal(10, await CountGrantedAsync(one, claim => $"198.51.100.{claim}"));
        Assert.Equal(10, await CountGrantedAsync(other, claim => $"198.51.100.{claim}"));
    }

    [Fact]
    public async Task Who_goes_round_the_proxy_gets_no_new_budget_by_forging_its_headers()
    {
        await using var site = await Site.OpenAsync(host, BehindProxy.With(new() { ["RateLimits:Enabled"] = "true", ["RateLimits:PerIpPerSecond"] = "5" }));
        using var frozen = host.Clock.Freeze();
        using var direct = FrontProxy.ClientAt(Caller, site.First.Address);

        Assert.Equal(5, await CountGrantedAsync(direct, claim => $"198.51.100.{claim}"));
    }

    /// <summary>Returns how many of 40 calls are granted, each of which claims another address.</summary>
    private static async Task<int> CountGrantedAsync(HttpClient client, Func<int, string> claim)
    {
        var granted = 0;
        for (var call = 0; call < 40; call++)
        {
            using var answer = await SendAsync(client, HttpMethod.Get, "/.well-known/jwks.json", ("X-Forwarded-For", claim(call)));
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{answer.StatusCode}");
            granted += answer.IsSuccessStatusCode ? 1 : 0;
        }

        return granted;
    }

    /// <summary>
    /// Returns the part of a body that two calls have in common. Both instances have one issuer; only the trace id differs in the bodies of errors.
    /// </summary>
    private static string Comparable(string body) =>
        body.Contains("traceId", StringComparison.Ordinal) ? JsonElement.Parse(body).Text("code") : body;

    private static Task<HttpResponseMessage> LoginAsync(HttpClient client, params (string Name, string Value)[] headers) =>
        SendAsync(client, HttpMethod.Post, "/auth/login", [("Accept", "application/json"), .. headers]);

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (path is "/auth/login")
            request.Content = new FormUrlEncodedContent([new("username", AuthHost.AdminId), new("password", AuthHost.AdminPassword), new("service", "web")]);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }

    /// <summary>Returns the address that the session list shows for this sign-in.</summary>
    private async Task<string> AddressSeenAsync(HttpResponseMessage login)
    {
        var accessToken = (await login.ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        var sessions = await host.GetAsync("/account/auth/sessions", accessToken).ExpectAsync(HttpStatusCode.OK);
        return sessions.EnumerateArray().Single(session => session.GetProperty("current").GetBoolean()).Text("ipAddress");
    }

    private sealed record Site(AuthHost First, AuthHost Second, FrontProxy Proxy) : IAsyncDisposable
    {
        public static async Task<Site> OpenAsync(AuthHost host, Settings settings)
        {
            var first = await host.StartTwinAsync(settings);
            var second = await host.StartTwinAsync(settings);
            return new Site(first, second, await FrontProxy.StartAsync(first, second));
        }

        public async ValueTask DisposeAsync()
        {
            await Proxy.DisposeAsync();
            await Second.DisposeAsync();
            await First.DisposeAsync();
        }
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : ReverseProxyTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : ReverseProxyTests(store.Host);
}
