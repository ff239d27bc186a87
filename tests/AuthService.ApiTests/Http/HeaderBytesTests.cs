using System.Globalization;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hostile.Fuzzing;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;

namespace AuthService.ApiTests.Http;

/// <summary>Old clients and proxies send headers with bytes that are not UTF-8. The tests write to a socket, because no client library sends them.</summary>
public abstract class HeaderBytesTests(AuthHost host, ClassHosts hosts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>User agents in which each character stands for one byte.</summary>
    public static TheoryData<string, string> Devices { get; } = new()
    {
        { "Ger\u00e4t/1.0", "Gerät/1.0" },
        { RawRequest.Utf8("Gerät/1.0 漢字 👍"), "Gerät/1.0 漢字 👍" },
        { RawRequest.Utf8("Gerät") + "/Ger\u00e4t", "Gerät/Gerät" },
        { "\u00e2\u0082", "\u00e2\u0082" },
        { "a\u00f0\u009f\u0098b", "a\u00f0\u009f\u0098b" },
        { "\u00ed\u00a0\u0080", "\u00ed\u00a0\u0080" },
        { "\u00c0\u00af", "\u00c0\u00af" },
        { new string('\u00fc', 600), new string('ü', 512) },
    };

    [Theory]
    [MemberData(nameof(Devices))]
    public async Task A_device_that_names_itself_in_Latin_1_signs_in_and_is_shown(string sent, string shown)
    {
        var person = await host.CreatePersonAsync();

        var answer = await SendAsync(host, SignIn(person).With("User-Agent", sent));

        Assert.Equal(200, answer.Status);
        var accessToken = JsonElement.Parse(answer.Body).Text("accessToken");
        var listed = Assert.Single((await host.SessionsAsync(accessToken)).GetProperty("items").EnumerateArray());
        Assert.Equal(shown, listed.Text("userAgent"));
        var own = Assert.Single((await host.GetAsync("/account/auth/sessions", accessToken).ExpectAsync(HttpStatusCode.OK)).EnumerateArray());
        Assert.Equal(shown, own.Text("userAgent"));
    }

    [Theory]
    [InlineData("X-Client", "Ger\u00e4t")]
    [InlineData("Accept-Language", "\u00ff")]
    [InlineData("Referer", "https://app.example.com/Ger\u00e4t")]
    [InlineData("Cookie", "town=K\u00f6ln; \u00e4=\u00fc; x")]
    [InlineData("traceparent", "\u00e4")]
    [InlineData("baggage", "town=K\u00f6ln")]
    [InlineData("X-Forwarded-For", "\u00e4")]
    public async Task A_sign_in_takes_no_notice_of_them_elsewhere(string name, string value)
    {
        var answer = await SendAsync(host, SignIn(await host.CreatePersonAsync()).With(name, value));

        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [InlineData("town=K\u00f6ln; {0}")]
    [InlineData("{0}; town=K\u00f6ln")]
    [InlineData("K\u00f6ln; {0}; \u00e4=\u00fc")]
    public async Task The_cookie_is_found_among_others(string cookies)
    {
        var session = await host.LoginAsync(await host.CreatePersonAsync(), "web");
        var request = Request("POST", "/auth/refresh/web").With("X-CSRFToken", session.CsrfToken)
            .With("Referer", $"{AuthHost.Origin}/Ger\u00e4t?q=\u00e4")
            .With("Cookie", string.Format(CultureInfo.InvariantCulture, cookies, session.Cookie));

        var answer = await SendAsync(host, request);

        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [InlineData("GET", "/auth/sessions", "Bearer Ger\u00e4t", 401)]
    [InlineData("GET", "/admin/principals", "\u00e4", 401)]
    [InlineData("POST", "/auth/refresh", "Bearer rt_\u00e4", 401)]
    [InlineData("POST", "/oauth/introspect", "Basic \u00e4", 401)]
    [InlineData("GET", "/api/v1/app", "Bearer sk_\u00e4", 401)]
    public async Task A_credential_of_such_bytes_is_refused_in_the_words_of_its_API(string method, string path, string credential, int status)
    {
        var answer = await SendAsync(host, Request(method, path).With("Authorization", credential));

        Assert.Equal(status, answer.Status);
        Refusal.Read(JsonElement.Parse(answer.Body));
    }

    /// <summary>The response repeats the names that a preflight asks for in a header, which must not contain such bytes.</summary>
    [Theory]
    [InlineData("Access-Control-Request-Headers", "x-\u00e4", HttpStatusCode.NoContent)]
    [InlineData("Access-Control-Request-Headers", "x-ok, \u0001", HttpStatusCode.NoContent)]
    [InlineData("Access-Control-Request-Method", "\u00e4", HttpStatusCode.MethodNotAllowed)]
    [InlineData("Origin", "https://ger\u00e4t.example", HttpStatusCode.NoContent)]
    public async Task A_preflight_allows_no_name_of_such_bytes(string name, string value, HttpStatusCode status)
    {
        var other = await hosts.TwinAsync(
            new() { ["Origins:Trusted:0"] = "https://xn--gert-noa.example", ["Origins:Trusted:4"] = AuthHost.Origin });
        var preflight = Request("OPTIONS", "/auth/refresh/web").With("Origin", AuthHost.Origin)
            .With("Access-Control-Request-Method", "POST").With("Access-Control-Request-Headers", "x-csrftoken").With(name, value);

        var answer = await SendAsync(other, preflight);

        Assert.Equal((int)status, answer.Status);
        Assert.Equal(name is "Origin" ? "" : AuthHost.Origin, answer.Header("Access-Control-Allow-Origin"));
        Assert.Empty(answer.Header("Access-Control-Allow-Headers"));
    }

    [Fact]
    public async Task A_proxy_names_the_town_in_Latin_1()
    {
        await using var behind = await host.StartTwinAsync(
            new() { ["ReverseProxy:KnownProxies:0"] = "127.0.0.1", ["ReverseProxy:LocationHeader"] = "X-Town" });

        var answer = await SendAsync(behind, SignIn(await host.CreatePersonAsync()).With("X-Town", "K\u00f6ln"));

        var token = JsonElement.Parse(answer.Body).Text("accessToken");
        var own = Assert.Single((await behind.GetAsync("/account/auth/sessions", token).ExpectAsync(HttpStatusCode.OK)).EnumerateArray());
        Assert.Equal("Köln", own.Text("location"));
    }

    [Fact]
    public async Task A_null_byte_is_400()
    {
        var answer = await SendAsync(host, SignIn(await host.CreatePersonAsync()).With("User-Agent", "a\0b\u00e4"));

        Assert.Equal(400, answer.Status);
    }

    private static RawRequest Request(string method, string path) => new(method, path) { Headers = [("Host", "127.0.0.1"), ("Accept", "application/json")] };

    private static RawRequest SignIn(Person person) => Request("POST", "/auth/login").With("Content-Type", "application/json") with
    {
        Body = JsonSerializer.Serialize(new { username = person.Id, password = person.Password, service = "app" }),
    };

    private static async Task<RawAnswer> SendAsync(AuthHost to, RawRequest request) =>
        Assert.IsType<RawAnswer>(await RawAnswer.OfAsync(to.Address, request, Patience));

    [Collection("sqlite")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : HeaderBytesTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : HeaderBytesTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
