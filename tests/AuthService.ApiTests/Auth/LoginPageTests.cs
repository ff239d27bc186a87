using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>A browser can sign in with a plain HTML form and gets a page instead of JSON.</summary>
public abstract class LoginPageTests(AuthHost host)
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Theory]
    [InlineData("Form", Browser)]
    [InlineData("Multipart", Browser)]
    [InlineData("Form", "*/*")]
    public async Task The_browser_is_sent_to_the_service_by_a_page(string writing, string accept)
    {
        using var response = await SubmitAsync(host, "web", Enum.Parse<Writing>(writing), accept);

        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Null(response.Headers.Location);
        Assert.Contains($"{AuthHost.Origin}/", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.True(IsNoStore(response.Headers));
    }

    [Fact]
    public async Task The_tokens_are_in_a_readable_cookie_for_one_minute()
    {
        using var response = await SubmitAsync(host);

        var state = Assert.Single(SetCookie.AllOf(response.Headers), cookie => cookie.Name == "authState");
        var tokens = JsonElement.Parse(Uri.UnescapeDataString(state.Value));
        Assert.Equal(["accessToken", "csrfToken"], tokens.MemberNames());
        Assert.Equal("/", state.Attributes["path"]);
        Assert.Equal("strict", state.Attributes["samesite"], ignoreCase: true);
        Assert.Equal("60", state.Attributes["max-age"]);
        Assert.Equal(["max-age", "path", "samesite"], state.AttributeNames());
    }

    [Fact]
    public async Task The_refresh_cookie_and_the_readable_one_are_of_the_same_session()
    {
        using var response = await SubmitAsync(host);

        var cookies = SetCookie.AllOf(response.Headers).ToDictionary(cookie => cookie.Name, StringComparer.Ordinal);
        var tokens = JsonElement.Parse(Uri.UnescapeDataString(cookies["authState"].Value));
        var session = new SignedIn(tokens.Text("accessToken"), tokens.Text("csrfToken"), cookies["refreshToken"].Value, "refreshToken");
        Assert.Equal(["authState", "device", "refreshToken"], cookies.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(session.SessionId, Requests.ClaimsOf(await host.UseAsync(session)).Text("sid"));
    }

    [Fact]
    public async Task The_page_holds_no_token()
    {
        using var response = await SubmitAsync(host);

        var page = await response.Content.ReadAsStringAsync();
        var state = SetCookie.AllOf(response.Headers).Single(cookie => cookie.Name == "authState");
        var tokens = JsonElement.Parse(Uri.UnescapeDataString(state.Value));
        Assert.DoesNotContain("rt_", page, StringComparison.Ordinal);
        Assert.DoesNotContain(tokens.Text("accessToken"), page, StringComparison.Ordinal);
        Assert.DoesNotContain(tokens.Text("csrfToken"), page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_cannot_break_out_of_the_page()
    {
        await using var odd = await host.StartTwinAsync(new()
        {
            ["LoginServices:odd:Endpoint"] = "https://app.example.com/?a=1&b='\"><script>alert(1)</script>",
            ["LoginServices:odd:Mode"] = "Web",
        });

        using var response = await SubmitAsync(odd, "odd");

        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("a=1&amp;b=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Over_https_all_cookies_are_secure()
    {
        await using var secure = await host.StartTwinAsync(new() { ["Jwt:Issuer"] = "https://auth.example.com" });

        using var response = await SubmitAsync(secure);

        var cookies = SetCookie.AllOf(response.Headers).ToList();
        Assert.Equal("__Host-device,__Host-refreshToken,authState", string.Join(',', cookies.Select(cookie => cookie.Name).Order(StringComparer.Ordinal)));
        Assert.All(cookies, cookie => Assert.True(cookie.Attributes.ContainsKey("secure")));
    }

    [Fact]
    public async Task A_plain_form_for_an_application_is_refused_and_makes_no_session()
    {
        var person = await host.CreatePersonAsync();
        var content = Write(Writing.Form, ("username", person.Id), ("password", person.Password), ("service", "app"));

        await host.LoginWithAsync(content, ("Accept", Browser)).RefusedAsync(HttpStatusCode.BadRequest);

        var session = await host.LoginAsync(person);
        Assert.Equal(1, (await host.SessionsAsync(session.AccessToken)).GetProperty("itemsInTotal").GetInt32());
    }

    [Fact]
    public async Task A_wrong_password_in_a_plain_form_is_refused_without_cookies()
    {
        var person = await host.CreatePersonAsync();
        var content = Write(Writing.Form, ("username", person.Id), ("password", "wrong"), ("service", "web"));

        await host.LoginWithAsync(content, ("Accept", Browser)).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    private static async Task<HttpResponseMessage> SubmitAsync(
        AuthHost host, string service = "web", Writing writing = Writing.Form, string accept = Browser)
    {
        var person = await host.CreatePersonAsync();
        return await host.LoginWithAsync(
            Write(writing, ("username", person.Id), ("password", person.Password), ("service", service)), ("Accept", accept));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : LoginPageTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : LoginPageTests(store.Host);
}
