using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http;

/// <summary>Rate limits recover only as time passes. The clock stands still in these tests unless a test advances it.</summary>
[Collection("sqlite 2")]
public sealed class RateLimitTests(ClassHosts<SqliteStore> hosts) : IClassFixture<ClassHosts<SqliteStore>>
{
    private const string Keys = "/.well-known/jwks.json";

    private readonly AuthHost _host = hosts.Host;

    [Fact]
    public async Task An_address_has_exactly_its_budget_and_it_comes_back_bit_by_bit()
    {
        var limited = await LimitedAsync();
        using var frozen = _host.Clock.Freeze();

        Assert.Equal(5, await CountGrantedAsync(limited, 8));
        _host.Clock.Advance(TimeSpan.FromMilliseconds(199));
        Assert.Equal(0, await CountGrantedAsync(limited, 3));
        _host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await CountGrantedAsync(limited, 3));
        _host.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(5, await CountGrantedAsync(limited, 8));
    }

    [Fact]
    public async Task Parallel_calls_get_exactly_the_budget()
    {
        var limited = await LimitedAsync(new() { ["RateLimits:PerIpPerSecond"] = "17" });
        using var frozen = _host.Clock.Freeze();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => StatusAsync(limited, Keys)));

        Assert.Equal(17, answers.Count(status => status is HttpStatusCode.OK));
        Assert.Equal(183, answers.Count(status => status is HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Who_waits_as_long_as_they_are_told_is_let_in_and_no_sooner()
    {
        var limited = await LimitedAsync(new() { ["RateLimits:LoginPerIpPerMinute"] = "2" });
        using var frozen = _host.Clock.Freeze();
        for (var call = 0; call < 2; call++)
            await limited.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);

        Assert.Equal(30, await WaitAsync(limited.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword)));
        _host.Clock.Advance(TimeSpan.FromSeconds(28.5));
        Assert.Equal(2, await WaitAsync(limited.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword)));
        _host.Clock.Advance(TimeSpan.FromSeconds(1.5));
        await limited.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        Assert.Equal(30, await WaitAsync(limited.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword)));
    }

    [Theory]
    [InlineData("POST", "/auth/login")]
    [InlineData("POST", "/auth/refresh")]
    [InlineData("POST", "/auth/refresh/web")]
    [InlineData("POST", "/auth/logout")]
    [InlineData("POST", "/auth/logout/web")]
    [InlineData("GET", "/.well-known/jwks.json")]
    [InlineData("GET", "/.well-known/oauth-authorization-server")]
    [InlineData("GET", "/auth/sessions")]
    [InlineData("GET", "/account/auth/sessions")]
    [InlineData("DELETE", "/sessions/expired")]
    [InlineData("GET", "/admin/principals")]
    [InlineData("GET", "/api/v1/app/")]
    [InlineData("POST", "/oauth/introspect")]
    public async Task Beyond_the_budget_every_surface_says_429_in_its_own_words(string method, string path)
    {
        var limited = await LimitedAsync(new() { ["RateLimits:PerIpPerSecond"] = "1" });
        using var frozen = _host.Clock.Freeze();
        using (var first = await limited.SendAsync(new(method), path))
            Assert.NotEqual(HttpStatusCode.TooManyRequests, first.StatusCode);

        using var answer = await limited.SendAsync(new(method), path);
        var refusal = await Task.FromResult(answer).RefusalAsync(HttpStatusCode.TooManyRequests);

        Assert.Equal("Too many requests", refusal.Text);
        Assert.Equal("1", answer.Headers.GetValues("Retry-After").Single());
        Assert.Equal("no-store", $"{answer.Headers.CacheControl}");
        Assert.False(answer.Headers.Contains("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_refused_token_is_charged_to_its_address_and_a_token_that_holds_is_not()
    {
        var limited = await LimitedAsync();
        var token = await _host.AdminTokenAsync();
        using var frozen = _host.Clock.Freeze();
        await limited.GetAsync("/admin/principals", token).ExpectAsync(HttpStatusCode.OK);

        for (var call = 0; call < 5; call++)
            await limited.GetAsync("/admin/principals", "no token").ExpectAsync(HttpStatusCode.Unauthorized);
        await limited.GetAsync("/admin/principals", "no token").ExpectAsync(HttpStatusCode.TooManyRequests);

        for (var call = 0; call < 10; call++)
            await limited.GetAsync("/admin/principals", token).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Each_service_has_a_budget_where_callers_are_limited()
    {
        var (one, other) = (await _host.NewServiceTokenAsync(), await _host.NewServiceTokenAsync());
        var limited = await LimitedAsync(new() { ["RateLimits:ApiPerCallerPerSecond"] = "3" });
        using var frozen = _host.Clock.Freeze();
        for (var call = 0; call < 3; call++)
            await limited.GetAsync("/api/v1/app/", one).ExpectAsync(HttpStatusCode.OK);

        var refusal = await limited.GetAsync("/api/v1/app/", one).RefusalAsync(HttpStatusCode.TooManyRequests);

        Assert.Equal("rate_limit", refusal.Code);
        await limited.GetAsync("/api/v1/app/", other).ExpectAsync(HttpStatusCode.OK);
        _host.Clock.Advance(TimeSpan.FromSeconds(1) / 3 + TimeSpan.FromTicks(1));
        await limited.GetAsync("/api/v1/app/", one).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(1, await WaitAsync(limited.GetAsync("/api/v1/app/", one)));
    }

    [Fact]
    public async Task All_tokens_of_one_application_share_a_budget()
    {
        var service = await _host.NewServiceTokenAsync();
        var (one, other) = (await NewApplicationAsync(service), await NewApplicationAsync(service));
        var limited = await LimitedAsync(new() { ["RateLimits:ApiPerCallerPerSecond"] = "2" });
        using var frozen = _host.Clock.Freeze();

        await limited.GetAsync(one.Path, one.Tokens[0]).ExpectAsync(HttpStatusCode.OK);
        await limited.GetAsync(one.Path, one.Tokens[1]).ExpectAsync(HttpStatusCode.OK);
        await limited.GetAsync(one.Path, one.Tokens[0]).ExpectAsync(HttpStatusCode.TooManyRequests);

        await limited.GetAsync(other.Path, other.Tokens[0]).ExpectAsync(HttpStatusCode.OK);
        await limited.GetAsync(one.Path, service).ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("198.51.100.1", "198.51.100.2", true)]
    [InlineData("198.51.100.1", "::ffff:198.51.100.1", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:f::9", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", true)]
    [InlineData("203.0.113.7, 198.51.100.1", "203.0.113.8, 198.51.100.1", false)]
    [InlineData("nonsense, 198.51.100.1", "198.51.100.1", false)]
    public async Task Each_owner_of_addresses_has_a_budget(string one, string other, bool apart)
    {
        var limited = await LimitedAsync(new() { ["ReverseProxy:KnownProxies:0"] = "127.0.0.1" });
        using var frozen = _host.Clock.Freeze();
        Assert.Equal(5, await CountGrantedAsync(limited, 8, one));

        Assert.Equal(apart ? 5 : 0, await CountGrantedAsync(limited, 8, other));
    }

    [Fact]
    public async Task With_no_proxy_known_a_claimed_address_gives_no_budget()
    {
        var limited = await LimitedAsync();
        using var frozen = _host.Clock.Freeze();

        Assert.Equal(5, await CountGrantedAsync(limited, 8, "198.51.100.1"));
        Assert.Equal(0, await CountGrantedAsync(limited, 8, "198.51.100.2"));
    }

    [Fact]
    public async Task Probes_are_answered_whatever_else_their_address_asks()
    {
        var limited = await LimitedAsync();
        using var frozen = _host.Clock.Freeze();
        Assert.Equal(5, await CountGrantedAsync(limited, 8));

        for (var call = 0; call < 20; call++)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(limited, call % 2 is 0 ? "/health/live" : "/health/ready"));
    }

    [Fact]
    public async Task Swagger_has_no_more_than_its_address()
    {
        var limited = await LimitedAsync();
        using var frozen = _host.Clock.Freeze();
        string[] paths =
        [
            "/swagger/auth/swagger.json", "/swagger/index.html", "/swagger/sign-in.json", "/Swagger/admin/swagger.json", "/swagger/auth/swagger.yaml",
        ];
        foreach (var path in paths)
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await StatusAsync(limited, path));

        foreach (var path in paths)
            Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(limited, path));
    }

    private async Task<(string Path, string[] Tokens)> NewApplicationAsync(string service)
    {
        var id = (await _host.PostAsync("/api/v1/app/", service, new { name = "An application" }).ExpectAsync(HttpStatusCode.Created)).Text("id");
        var tokens = new string[2];
        for (var token = 0; token < tokens.Length; token++)
            tokens[token] = (await _host.PostAsync($"/api/v1/auth/dashboard-access/{id}/", service).ExpectAsync(HttpStatusCode.OK)).Text("token");
        return ($"/api/v1/app/{id}/", tokens);
    }

    /// <summary>Gets an instance with these limits. What other tests used up of its budgets is back.</summary>
    private async Task<AuthHost> LimitedAsync(Settings? settings = null)
    {
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        return await hosts.TwinAsync(new Settings { ["RateLimits:Enabled"] = "true", ["RateLimits:PerIpPerSecond"] = "5" }.With(settings));
    }

    private static async Task<int> CountGrantedAsync(AuthHost host, int calls, string? forwardedFor = null)
    {
        var granted = 0;
        for (var call = 0; call < calls; call++)
            granted += await StatusAsync(host, Keys, forwardedFor) is HttpStatusCode.OK ? 1 : 0;
        return granted;
    }

    private static async Task<HttpStatusCode> StatusAsync(AuthHost host, string path, string? forwardedFor = null)
    {
        using var answer = await host.SendAsync(HttpMethod.Get, path, headers: forwardedFor is null ? [] : [("X-Forwarded-For", forwardedFor)]);
        return answer.StatusCode;
    }

    /// <summary>Returns how many seconds a 429 response says to wait.</summary>
    private static async Task<double> WaitAsync(Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        await answer.ExpectAsync(HttpStatusCode.TooManyRequests);
        return answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
    }
}
