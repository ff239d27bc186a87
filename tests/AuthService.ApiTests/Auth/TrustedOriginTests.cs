using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>
/// Only trusted pages may use the cookie, sign somebody in and read responses. Trusted are an https and an http origin, a host name
/// without a scheme, an app in a web view, and the service's own address.
/// </summary>
public abstract class TrustedOriginTests(AuthHost host)
{
    public static TheoryData<string> Trusted { get; } =
    [
        "https://app.example.com",
        "https://app.example.com:443",
        "HTTPS://APP.EXAMPLE.COM",
        "http://localhost:3000",
        "https://trusted.example.org",
        "http://trusted.example.org",
        "https://trusted.example.org:8443",
        "https://TRUSTED.example.org",
        "capacitor://localhost",
        "http://localhost",
    ];

    public static TheoryData<string> Untrusted { get; } =
    [
        "null",
        "file://",
        "capacitor://trusted.example.org",
        "capacitor://localhost.evil.example",
        "ionic://localhost",
        "chrome-extension://abcdefghijklmnop",
        "https://evil.example",
        "http://app.example.com",
        "https://app.example.com:8443",
        "https://app.example.com:80",
        "http://app.example.com:443",
        "https://app.example.com.evil.example",
        "https://evilapp.example.com",
        "https://sub.app.example.com",
        "https://example.com",
        "https://app.example.com.",
        "https://app.example.co",
        "https://appxexample.com",
        "https://xn--pp-7kc.example.com",
        "http://localhost:8080",
        "http://localhost:30000",
        "https://localhost:3000",
        "http://127.0.0.1:3000",
        "https://sub.trusted.example.org",
        "https://trusted.example.org.evil.example",
        "https://eviltrusted.example.org",
        "https://trusted.example.org.",
    ];

    public static TheoryData<string> Malformed { get; } =
    [
        "app.example.com",
        "https://app.example.com/",
        "https://app.example.com/path",
        "https://app.example.com?query",
        "https://app.example.com#fragment",
        "https://app.example.com@evil.example",
        "https://user@app.example.com",
        "https://user:password@app.example.com",
        "https://evil.example/https://app.example.com",
        "https://evil.example\\@app.example.com",
        "https://app.example.com https://evil.example",
        "https://app.example.com, https://evil.example",
        "https://app.example.com:99999",
        "https://app.example.com:port",
        "https://",
        "https:app.example.com",
        "//app.example.com",
        "*",
    ];

    [Theory]
    [MemberData(nameof(Trusted))]
    public async Task A_trusted_page_may_do_everything(string origin)
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person.Id, person.Password, "web", ("Origin", origin));

        using var response = await host.SendAsync(HttpMethod.Post, "/auth/refresh/web", headers: SignIns.AsBrowser(session, origin));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(origin, HeaderOf(response, "Access-Control-Allow-Origin"));
        Assert.Equal("true", HeaderOf(response, "Access-Control-Allow-Credentials"));
        Assert.Contains("Origin", HeaderOf(response, "Vary"), StringComparison.Ordinal);
        Assert.All(["Location", "Retry-After", "WWW-Authenticate", "Revocation-Receipt"], name =>
            Assert.Contains(name, HeaderOf(response, "Access-Control-Expose-Headers"), StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [MemberData(nameof(Untrusted))]
    public async Task An_untrusted_page_is_403_everywhere(string origin) => await RefuseAsync(origin, HttpStatusCode.Forbidden);

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task What_is_no_origin_is_400_with_the_cookie_and_403_at_sign_in(string origin) => await RefuseAsync(origin, HttpStatusCode.BadRequest);

    [Theory]
    [MemberData(nameof(Untrusted))]
    [MemberData(nameof(Malformed))]
    public async Task An_untrusted_page_may_not_read_any_answer(string origin)
    {
        (string, string)[] preflight = [("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "x-csrftoken")];

        using var asked = await host.SendAsync(HttpMethod.Options, "/auth/refresh/web", headers: preflight);
        using var refused = await host.SendAsync(HttpMethod.Get, "/auth/sessions", headers: ("Origin", origin));
        using var known = await host.SendAsync(HttpMethod.Get, "/auth/nothing", headers: ("Origin", origin));

        HttpResponseMessage[] answers = [asked, refused, known];
        Assert.All(answers, answer =>
            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task A_trusted_page_may_ask_with_its_headers()
    {
        (string, string)[] preflight =
            [("Origin", AuthHost.Origin), ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "authorization,content-type,x-csrftoken,idempotency-key,traceparent,x-of-a-client")];

        using var response = await host.SendAsync(HttpMethod.Options, "/auth/refresh/web", headers: preflight);

        var allowed = HeaderOf(response, "Access-Control-Allow-Headers");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(AuthHost.Origin, HeaderOf(response, "Access-Control-Allow-Origin"));
        Assert.Equal("true", HeaderOf(response, "Access-Control-Allow-Credentials"));
        string[] sent = ["authorization", "content-type", "x-csrftoken", "idempotency-key", "traceparent", "x-of-a-client"];
        Assert.All(sent, name => Assert.Contains(name, allowed, StringComparison.OrdinalIgnoreCase));
    }

    private async Task RefuseAsync(string origin, HttpStatusCode withCookie)
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person, "web");

        await host.SendAsync(HttpMethod.Post, "/auth/refresh/web", headers: SignIns.AsBrowser(session, origin)).RefusedAsync(withCookie);
        await host.SendAsync(HttpMethod.Post, "/auth/logout/web", headers: SignIns.AsBrowser(session, origin)).RefusedAsync(withCookie);
        await host.TryLoginAsync(person.Id, person.Password, "web", ("Origin", origin)).RefusedAsync(HttpStatusCode.Forbidden);

        await host.UseAsync(session);
        Assert.Equal(1, (await host.SessionsAsync(session.AccessToken)).GetProperty("itemsInTotal").GetInt32());
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : TrustedOriginTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : TrustedOriginTests(store.Host);
}
