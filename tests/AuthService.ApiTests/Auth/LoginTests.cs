using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

public abstract class LoginTests(AuthHost host)
{
    [Fact]
    public async Task An_application_gets_three_tokens_and_no_cookie()
    {
        var person = await host.CreatePersonAsync();

        using var response = await host.TryLoginAsync(person.Id, person.Password, "app");

        var body = await response.ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(["accessToken", "csrfToken", "refreshToken"], body.MemberNames());
        Assert.StartsWith("rt_", body.Text("refreshToken"), StringComparison.Ordinal);
        Assert.Equal(person.Id, Requests.ClaimsOf(body.Text("accessToken")).Text("sub"));
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.True(IsNoStore(response.Headers));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_browser_gets_two_tokens_and_the_others_in_cookies_alone()
    {
        var person = await host.CreatePersonAsync();

        using var response = await host.TryLoginAsync(person.Id, person.Password, "web");

        var body = await response.ExpectAsync(HttpStatusCode.OK);
        var (cookies, text) = (SetCookie.AllOf(response.Headers).ToArray(), await response.Content.ReadAsStringAsync());
        Assert.Equal(["accessToken", "csrfToken"], body.MemberNames());
        Assert.Equal(["device", "refreshToken"], cookies.Select(cookie => cookie.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.StartsWith("rt_", SignIns.RefreshCookieOf(response)!.Value, StringComparison.Ordinal);
        Assert.All(cookies, cookie => Assert.DoesNotContain(cookie.Value, text, StringComparison.Ordinal));
        Assert.True(IsNoStore(response.Headers));
    }

    [Theory]
    [InlineData("Form", "app")]
    [InlineData("Multipart", "app")]
    [InlineData("Json", "app")]
    [InlineData("Form", "web")]
    [InlineData("Multipart", "web")]
    [InlineData("Json", "web")]
    public async Task A_sign_in_is_read_as_form_as_multipart_and_as_json(string writing, string service)
    {
        var person = await host.CreatePersonAsync();
        var content = Write(Enum.Parse<Writing>(writing), ("username", person.Id), ("password", person.Password), ("service", service));

        var body = await host.LoginWithAsync(content).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(1, (await host.SessionsAsync(body.Text("accessToken"))).GetProperty("itemsInTotal").GetInt32());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json, text/plain, */*")]
    [InlineData("text/html;q=0.1, Application/JSON")]
    public async Task Whoever_reads_json_is_answered_with_json(string accept)
    {
        var person = await host.CreatePersonAsync();
        var content = Write(Writing.Form, ("username", person.Id), ("password", person.Password), ("service", "web"));

        var body = await host.LoginWithAsync(content, ("Accept", accept)).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(person.Id, Requests.ClaimsOf(body.Text("accessToken")).Text("sub"));
    }

    [Fact]
    public async Task A_name_is_the_same_in_every_letter_case_and_unicode_form()
    {
        var id = NewName("Kim");
        var person = await host.CreatePersonAsync(new() { ["id"] = id });
        string[] spellings = [id, id.ToUpperInvariant(), id.ToLowerInvariant(), $"\u212A{id[1..]}", $"\uFF2B{id[1..]}"];

        foreach (var spelling in spellings)
            Assert.Equal(id, Requests.ClaimsOf((await host.LoginAsync(spelling, person.Password)).AccessToken).Text("sub"));
    }

    [Fact]
    public async Task Every_sign_in_is_a_session_of_its_own()
    {
        var person = await host.CreatePersonAsync();
        var one = await host.LoginAsync(person);
        var two = await host.LoginAsync(person);

        Assert.NotEqual(one.SessionId, two.SessionId, StringComparer.Ordinal);
        Assert.NotEqual(one.RefreshToken, two.RefreshToken, StringComparer.Ordinal);
        Assert.NotEqual(one.CsrfToken, two.CsrfToken, StringComparer.Ordinal);
        Assert.Equal(one.SessionId, Requests.ClaimsOf(await host.RefreshAsync(one.RefreshToken)).Text("sid"));
    }

    [Fact]
    public async Task A_planted_cookie_is_never_adopted()
    {
        var thief = await host.SignedInPersonAsync("web");
        var person = await host.CreatePersonAsync();

        var session = await host.LoginAsync(person.Id, person.Password, "web", ("Cookie", thief.Cookie));

        Assert.NotEqual(thief.RefreshToken, session.RefreshToken, StringComparer.Ordinal);
        Assert.NotEqual(thief.SessionId, session.SessionId, StringComparer.Ordinal);
        await host.ExpectEndedAsync(thief);
    }

    [Theory]
    [InlineData("Origin", "https://app.example.com")]
    [InlineData("Origin", "http://localhost:3000")]
    [InlineData("Origin", "https://trusted.example.org:8443")]
    [InlineData("Referer", "https://app.example.com/login?next=%2F")]
    [InlineData("Origin", " ")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    public async Task A_trusted_page_and_no_page_at_all_may_sign_in(string header, string value)
    {
        var person = await host.CreatePersonAsync();

        await host.TryLoginAsync(person.Id, person.Password, "web", (header, value)).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Names_and_roles_in_a_token_are_those_of_the_moment()
    {
        var person = await host.CreatePersonAsync(new() { ["firstNames"] = "Ada" });
        var session = await host.LoginAsync(person);
        Assert.Equal("Ada", Requests.ClaimsOf(session.AccessToken).Text("firstNames"));

        await host.PatchAsync($"/admin/principals/{person.Id}", await host.AdminTokenAsync(), new { firstNames = "Grace" }).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal("Grace", Requests.ClaimsOf(await host.RefreshAsync(session.RefreshToken)).Text("firstNames"));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : LoginTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : LoginTests(store.Host);
}
