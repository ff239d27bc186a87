using System.Net;
using System.Text;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http;

public abstract class SecurityHeaderTests(AuthHost host)
{
    [Fact]
    public async Task Every_route_has_them_when_it_refuses()
    {
        foreach (var operation in await host.ListAllOperationsAsync())
            await ExpectHeadersAsync(host.SendAsync(operation.Method, operation.SomePath), mayBeKept: operation.MayBeKept);
    }

    [Fact]
    public async Task They_stand_on_successes()
    {
        var session = await host.SignedInPersonAsync("web");
        var admin = await host.AdminTokenAsync();

        await ExpectHeadersAsync(host.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword), HttpStatusCode.OK);
        await ExpectHeadersAsync(host.TryWebRefreshAsync(session), HttpStatusCode.OK);
        await ExpectHeadersAsync(host.GetAsync("/auth/sessions", session.AccessToken), HttpStatusCode.OK);
        await ExpectHeadersAsync(host.PostAsync("/auth/request?audience=a:read", session.AccessToken), HttpStatusCode.OK);
        await ExpectHeadersAsync(host.TryWebLogoutAsync(session), HttpStatusCode.NoContent);
        await ExpectHeadersAsync(host.GetAsync("/admin/principals", admin), HttpStatusCode.OK);
        await ExpectHeadersAsync(host.GetAsync("/health/live"), HttpStatusCode.OK);
        await ExpectHeadersAsync(host.GetAsync("/health/ready"), HttpStatusCode.OK);
        await ExpectHeadersAsync(host.GetAsync("/.well-known/jwks.json"), HttpStatusCode.OK, mayBeKept: true);
    }

    [Fact]
    public async Task They_stand_on_the_page_that_ends_a_plain_form()
    {
        var form = new FormUrlEncodedContent([new("username", AuthHost.AdminId), new("password", AuthHost.AdminPassword), new("service", "web")]);

        await ExpectHeadersAsync(host.PostAsync("/auth/login", json: form), HttpStatusCode.OK);
    }

    [Fact]
    public async Task They_stand_on_what_the_framework_refuses()
    {
        await ExpectHeadersAsync(host.GetAsync("/nowhere"), HttpStatusCode.NotFound);
        await ExpectHeadersAsync(host.GetAsync("/auth/nowhere"), HttpStatusCode.NotFound);
        await ExpectHeadersAsync(host.GetAsync("/auth/login"), HttpStatusCode.MethodNotAllowed);
        await ExpectHeadersAsync(
            host.PostAsync("/auth/login", json: new StringContent("<a/>", Encoding.UTF8, "text/xml")), HttpStatusCode.UnsupportedMediaType);
        await ExpectHeadersAsync(host.PostAsync("/auth/login", json: new StringContent("{", Encoding.UTF8, "application/json")), HttpStatusCode.BadRequest);
        await ExpectHeadersAsync(host.PostAsync("/auth/login", json: new ByteArrayContent(new byte[100_000])), HttpStatusCode.RequestEntityTooLarge);
        (string, string)[] ofStranger = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")];
        await ExpectHeadersAsync(host.SendAsync(HttpMethod.Options, "/auth/login", headers: ofStranger));
    }

    [Fact]
    public async Task They_stand_on_a_refusal_because_the_database_fails()
    {
        await using var broken = await host.StartAnotherAsync();
        await broken.Database.ExecuteAsync("ALTER TABLE sessions RENAME TO sessions_gone");

        await ExpectHeadersAsync(broken.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword), HttpStatusCode.ServiceUnavailable);
        await ExpectHeadersAsync(broken.TryRefreshAsync($"rt_{new string('A', 43)}"), HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Only_public_keys_and_metadata_may_be_cached()
    {
        using var keys = await host.GetAsync("/.well-known/jwks.json");
        using var metadata = await host.GetAsync("/.well-known/oauth-authorization-server");

        Assert.All([keys, metadata], response => Assert.True(response.Headers.CacheControl is { Public: true, NoStore: false, MaxAge.TotalSeconds: > 0 }));
    }

    [Fact]
    public async Task Plain_HTTP_promises_no_TLS()
    {
        using var response = await host.GetAsync("/health/live");

        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    /// <summary>The service may be behind an unconfigured proxy that terminates TLS. The cookies are Secure there too.</summary>
    [Fact]
    public async Task Where_the_public_address_is_https_every_answer_promises_TLS()
    {
        await using var own = await host.StartAnotherAsync(new() { ["PublicAddress"] = "https://auth.example.com" });

        foreach (var path in new[] { "/health/live", "/.well-known/jwks.json", "/admin/principals", "/no-such-page" })
        {
            using var response = await own.GetAsync(path);
            Assert.StartsWith("max-age=31536000", response.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
        }
    }

    private static async Task ExpectHeadersAsync(Task<HttpResponseMessage> sending, HttpStatusCode? status = null, bool mayBeKept = false)
    {
        using var response = await sending;
        var where = $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath} {(int)response.StatusCode}";
        string[] faults =
        [
            .. status is null || response.StatusCode == status ? Array.Empty<string>() : [$"expected {status}"],
            .. Missing("X-Content-Type-Options", "nosniff"),
            .. Missing("Referrer-Policy", "no-referrer"),
            .. Missing("Cross-Origin-Opener-Policy", "same-origin"),
            .. Missing("Cross-Origin-Resource-Policy", "same-origin"),
            .. Missing("Content-Security-Policy", "frame-ancestors 'none'"),
            .. Missing("Content-Security-Policy", "default-src 'none'"),
            .. mayBeKept ? [] : Missing("Cache-Control", "no-store"),
            .. response.Headers.Contains("Server") ? ["Server is there"] : Array.Empty<string>(),
            .. response.Headers.Contains("X-Powered-By") ? ["X-Powered-By is there"] : Array.Empty<string>(),
        ];
        Assert.True(faults.Length is 0, $"{where}: {string.Join(", ", faults)}");

        string[] Missing(string name, string part) =>
            response.Headers.TryGetValues(name, out var values) && string.Join(',', values).Contains(part, StringComparison.Ordinal)
                ? []
                : [$"no {name}: {part}"];
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : SecurityHeaderTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : SecurityHeaderTests(store.Host);
}
