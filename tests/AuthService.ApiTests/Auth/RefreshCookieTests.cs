using System.Globalization;
using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;

namespace AuthService.ApiTests.Auth;

public abstract class RefreshCookieTests(AuthHost host, ClassHosts hosts)
{
    private static readonly Settings OverHttps = new() { ["Jwt:Issuer"] = "https://auth.example.com" };

    [Fact]
    public async Task Over_plain_http_it_is_hidden_from_scripts_and_other_sites()
    {
        var cookie = await CookieAsync(host);

        Assert.Equal("refreshToken", cookie.Name);
        Assert.Equal(["expires", "httponly", "path", "samesite"], cookie.AttributeNames());
        Assert.Equal("/", cookie.Attributes["path"]);
        Assert.Equal("strict", cookie.Attributes["samesite"], ignoreCase: true);
    }

    [Fact]
    public async Task Behind_a_proxy_that_ends_tls_it_is_secure_and_bound_to_this_host()
    {
        var secure = await hosts.TwinAsync(OverHttps);

        var cookie = await CookieAsync(secure);

        Assert.Equal("__Host-refreshToken", cookie.Name);
        Assert.Equal(["expires", "httponly", "path", "samesite", "secure"], cookie.AttributeNames());
        Assert.Equal("/", cookie.Attributes["path"]);
        Assert.Equal("strict", cookie.Attributes["samesite"], ignoreCase: true);
    }

    /// <summary>A browser treats each of these as one cookie with another name, which any subdomain may set.</summary>
    [Theory]
    [InlineData("x=1,{0}")]
    [InlineData("x=1, {0}")]
    [InlineData("({0}")]
    [InlineData("x={0}")]
    [InlineData("__host-refreshToken={1}")]
    [InlineData("refreshToken={1}")]
    public async Task A_cookie_of_another_name_is_not_taken_for_it(string form)
    {
        var secure = await hosts.TwinAsync(OverHttps);
        var (session, planted) = (await secure.SignedInPersonAsync("web"), await secure.SignedInPersonAsync("web"));
        var other = string.Format(CultureInfo.InvariantCulture, form, planted.Cookie, planted.RefreshToken);

        Task<HttpResponseMessage> RefreshAsync(string cookie, SignedIn session) => secure.SendAsync(
            HttpMethod.Post, "/auth/refresh/web", headers: [("Cookie", cookie), ("X-CSRFToken", session.CsrfToken), ("Origin", AuthHost.Origin)]);

        await RefreshAsync(other, planted).ExpectAsync(HttpStatusCode.BadRequest);
        await RefreshAsync($"{session.Cookie}; {other}", session).ExpectAsync(HttpStatusCode.OK);
        await RefreshAsync($"{other}; {session.Cookie}", session).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_public_address_and_not_the_issuer_says_whether_there_is_tls()
    {
        await using var secure = await host.StartTwinAsync(new() { ["Jwt:Issuer"] = "cloud.example", ["PublicAddress"] = "https://auth.example.com" });
        await using var plain = await host.StartTwinAsync(OverHttps.With(new() { ["PublicAddress"] = "http://auth.example.com" }));

        Assert.Equal("__Host-refreshToken", (await CookieAsync(secure)).Name);
        Assert.Equal("refreshToken", (await CookieAsync(plain)).Name);
    }

    [Fact]
    public async Task Pages_at_the_public_address_may_use_it()
    {
        await using var own = await host.StartTwinAsync(new() { ["PublicAddress"] = "http://auth.example.net:8080" });
        var session = await own.SignedInPersonAsync("web");

        Task<HttpResponseMessage> RefreshFromAsync(string origin) =>
            own.SendAsync(HttpMethod.Post, "/auth/refresh/web", headers: SignIns.AsBrowser(session, origin));

        await RefreshFromAsync("http://auth.example.net:8080").ExpectAsync(HttpStatusCode.OK);
        await RefreshFromAsync("http://auth.example.net").ExpectAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Over_https_the_secure_name_alone_counts()
    {
        var secure = await hosts.TwinAsync(OverHttps);
        var session = await secure.SignedInPersonAsync("web");

        await secure.TryWebRefreshAsync(session with { CookieName = "refreshToken" }).RefusedAsync(HttpStatusCode.BadRequest);
        await secure.TryWebRefreshAsync(session).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Over_https_it_is_cleared_by_its_own_name_and_attributes()
    {
        var secure = await hosts.TwinAsync(OverHttps);
        var session = await secure.SignedInPersonAsync("web");

        using var response = await secure.TryWebLogoutAsync(session);

        var cookie = Assert.Single(SetCookie.AllOf(response.Headers));
        Assert.Equal(("__Host-refreshToken", ""), (cookie.Name, cookie.Value));
        Assert.Equal(["expires", "httponly", "path", "samesite", "secure"], cookie.AttributeNames());
        Assert.True(ExpiryOf(cookie) < host.Clock.GetUtcNow());
    }

    [Fact]
    public async Task It_expires_with_its_session()
    {
        using var frozen = host.Clock.Freeze();

        var cookie = await CookieAsync(host);

        Assert.InRange(host.Clock.GetUtcNow().AddDays(30) - ExpiryOf(cookie), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task It_expires_with_the_lifetime_of_its_login_service()
    {
        await using var brief = await host.StartTwinAsync(new()
        {
            ["LoginServices:brief:Endpoint"] = $"{AuthHost.Origin}/",
            ["LoginServices:brief:Mode"] = "Web",
            ["LoginServices:brief:Lifetime"] = "02:00:00",
        });
        using var frozen = host.Clock.Freeze();

        var cookie = await CookieAsync(brief, "brief");

        Assert.InRange(host.Clock.GetUtcNow().AddHours(2) - ExpiryOf(cookie), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("Form")]
    [InlineData("Multipart")]
    [InlineData("Json")]
    public async Task On_a_public_computer_it_ends_with_the_browser(string writing)
    {
        var person = await host.CreatePersonAsync();
        var content = Write(
            Enum.Parse<Writing>(writing), ("username", person.Id), ("password", person.Password), ("service", "web"), ("publicComputer", "true"));

        using var response = await host.LoginWithAsync(content);

        var cookie = Assert.IsType<SetCookie>(SignIns.RefreshCookieOf(response));
        Assert.Equal(["httponly", "path", "samesite"], cookie.AttributeNames());
    }

    [Fact]
    public async Task A_computer_that_is_said_not_to_be_public_is_not()
    {
        var person = await host.CreatePersonAsync();
        var content = Write(Writing.Form, ("username", person.Id), ("password", person.Password), ("service", "web"), ("publicComputer", "false"));

        using var response = await host.LoginWithAsync(content);

        Assert.True(SignIns.RefreshCookieOf(response)!.Attributes.ContainsKey("expires"));
    }

    private static async Task<SetCookie> CookieAsync(AuthHost host, string service = "web")
    {
        var person = await host.CreatePersonAsync();
        using var response = await host.TryLoginAsync(person.Id, person.Password, service);
        return Assert.IsType<SetCookie>(SignIns.RefreshCookieOf(response));
    }

    private static DateTimeOffset ExpiryOf(SetCookie cookie) => DateTimeOffset.Parse(cookie.Attributes["expires"], CultureInfo.InvariantCulture);

    [Collection("sqlite")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : RefreshCookieTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : RefreshCookieTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
