using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Pages;

/// <summary>The sign-in page sends a plain form, and the response is always a page.</summary>
public abstract class SignInFormTests(AuthHost host)
{
    private const string Path = "/login?service=web";

    [Fact]
    public async Task It_signs_in_exactly_as_the_form_of_the_auth_API_does()
    {
        var person = await host.CreatePersonAsync();
        using var here = await SubmitAsync(person.Id, person.Password);
        using var there = await host.LoginWithAsync(Fields(person.Id, person.Password), ("Accept", "text/html"));

        Assert.Equal(HttpStatusCode.OK, here.StatusCode);
        Assert.Equal(await there.Content.ReadAsStringAsync(), WithoutScript(await here.Content.ReadAsStringAsync()));
        Assert.Equal(CookiesOf(there), CookiesOf(here));
        Assert.Equal($"{there.Headers.CacheControl}", $"{here.Headers.CacheControl}");
    }

    /// <summary>The page of the form runs one script, which keeps the CSRF token for the account page.</summary>
    private static string WithoutScript(string page)
    {
        const string End = "return.js\"></script>";
        var (from, to) = (page.IndexOf("<script ", StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal) + End.Length);
        return page.Remove(from, to - from);
    }

    [Fact]
    public async Task On_a_public_computer_the_cookie_has_no_end()
    {
        var person = await host.CreatePersonAsync();

        using var response = await SubmitAsync(person.Id, person.Password, publicComputer: true);

        Assert.False(SignIns.RefreshCookieOf(response)!.Attributes.ContainsKey("expires"));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_page()
    {
        var person = await host.CreatePersonAsync();

        var wrong = await RefusedAsync(SubmitAsync(person.Id, "wrong"), HttpStatusCode.Unauthorized);
        var unknown = await RefusedAsync(SubmitAsync("nobody", "wrong"), HttpStatusCode.Unauthorized);

        Assert.Contains("The user name or the password is not right.", wrong, StringComparison.Ordinal);
        Assert.Equal(wrong.Replace(person.Id, "nobody", StringComparison.Ordinal), unknown);
        Assert.DoesNotContain("\"wrong\"", wrong, StringComparison.Ordinal);
    }

    /// <summary>Otherwise a second attempt on a public computer would open a session for a private one.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_said_of_the_computer_stands_in_the_page_that_comes_back(bool publicComputer)
    {
        var page = await RefusedAsync(SubmitAsync("nobody", "wrong", publicComputer), HttpStatusCode.Unauthorized);

        Assert.Equal(publicComputer, page.Contains("aria-describedby=\"shared\" checked>", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(5, "Try again in 5 seconds.")]
    [InlineData(25, "Try again in 25 seconds.")]
    [InlineData(125, "Try again in 3 minutes.")]
    public async Task A_lock_says_how_long_it_lasts(int seconds, string words)
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        for (var earlier = 5; earlier < seconds; earlier *= 5)
        {
            await host.FailAsync(person.Id, 5);
            host.Clock.Advance(TimeSpan.FromSeconds(earlier));
        }

        await host.FailAsync(person.Id, 4);
        await RefusedAsync(SubmitAsync(person.Id, "wrong"), HttpStatusCode.Unauthorized);
        using var locked = await SubmitAsync(person.Id, person.Password);

        Assert.Contains(words, await RefusedAsync(Task.FromResult(locked), HttpStatusCode.TooManyRequests), StringComparison.Ordinal);
        Assert.Equal($"{seconds}", AuthCalls.HeaderOf(locked, "Retry-After"));
    }

    [Theory]
    [InlineData("", "secret", "Enter your user name.")]
    [InlineData("ann", "", "Enter your password.")]
    public async Task A_missing_field_is_named(string username, string password, string words) =>
        Assert.Contains(words, await RefusedAsync(SubmitAsync(username, password), HttpStatusCode.BadRequest), StringComparison.Ordinal);

    [Theory]
    [InlineData("nowhere")]
    [InlineData("app")]
    public async Task A_service_that_nobody_signs_in_for_on_a_page_has_no_form(string service)
    {
        var person = await host.CreatePersonAsync();

        var opened = await RefusedAsync(host.GetAsync($"/login?service={service}"), HttpStatusCode.BadRequest);
        var sent = await RefusedAsync(
            host.SendAsync(HttpMethod.Post, $"/login?service={service}", json: Fields(person.Id, person.Password, service), headers: AuthCalls.AcceptJson),
            HttpStatusCode.BadRequest);

        Assert.Contains("This address names no site", opened, StringComparison.Ordinal);
        Assert.Equal(opened, sent);
        Assert.DoesNotContain("<form", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_name_the_page_is_for_the_first_service_that_has_one()
    {
        var named = await host.Http.GetStringAsync(Path);

        Assert.Contains("to continue to app.example.com", named, StringComparison.Ordinal);
        Assert.Equal(named, await host.Http.GetStringAsync("/login"));
        Assert.Equal(named, await host.Http.GetStringAsync("/login?service="));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Referer", "https://evil.example/login")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_form_of_another_site_is_refused(string header, string value)
    {
        var person = await host.CreatePersonAsync();

        await RefusedAsync(
            host.SendAsync(HttpMethod.Post, Path, json: Fields(person.Id, person.Password), headers: [(header, value)]), HttpStatusCode.Forbidden);

        var session = await host.LoginAsync(person);
        Assert.Equal(1, (await host.SessionsAsync(session.AccessToken)).GetProperty("itemsInTotal").GetInt32());
    }

    [Fact]
    public async Task What_was_typed_cannot_break_out_of_the_page()
    {
        const string Hostile = "\"><script>alert(1)</script>";

        var page = await RefusedAsync(
            host.SendAsync(HttpMethod.Post, Path, json: Fields(Hostile, "wrong")), HttpStatusCode.Unauthorized);
        var service = await RefusedAsync(host.GetAsync($"/login?service={Uri.EscapeDataString(Hostile)}"), HttpStatusCode.BadRequest);

        Assert.Contains("value=\"&quot;&gt;&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page + service, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_tries_too_often_is_told_so_by_the_page()
    {
        await using var limited = await host.StartTwinAsync(new() { ["RateLimits:Enabled"] = "true", ["RateLimits:LoginPerIpPerMinute"] = "2" });
        using var frozen = host.Clock.Freeze();
        for (var attempt = 0; attempt < 2; attempt++)
            await RefusedAsync(limited.SendAsync(HttpMethod.Post, Path, json: Fields($"nobody{attempt}", "wrong")), HttpStatusCode.Unauthorized);

        var page = await RefusedAsync(limited.SendAsync(HttpMethod.Post, Path, json: Fields("nobody", "wrong")), HttpStatusCode.TooManyRequests);

        Assert.Contains("Too many requests. Try again in 30 seconds.", page, StringComparison.Ordinal);
        Assert.Contains("name=\"service\" value=\"web\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_store_the_service_says_so_by_the_page()
    {
        await using var broken = await host.StartAnotherAsync();
        await broken.Database.ExecuteAsync("ALTER TABLE lockouts RENAME TO lockouts_gone");

        var page = await RefusedAsync(broken.SendAsync(HttpMethod.Post, Path, json: Fields("ann", "wrong")), HttpStatusCode.ServiceUnavailable);

        Assert.Contains("The service is not available at the moment. Try again in 2 seconds.", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/xml", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("multipart/form-data", HttpStatusCode.BadRequest)]
    public async Task What_is_no_form_is_refused_by_the_page(string contentType, HttpStatusCode status) =>
        await RefusedAsync(host.SendAsync(HttpMethod.Post, Path, json: AuthCalls.Raw("<a/>"u8.ToArray(), contentType)), status);

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_by_the_page() => await RefusedAsync(
        host.SendAsync(HttpMethod.Post, Path, json: AuthCalls.Raw(new byte[100_000], "application/x-www-form-urlencoded")),
        HttpStatusCode.RequestEntityTooLarge);

    [Fact]
    public async Task Sign_ins_and_refusals_are_on_record()
    {
        var (admin, person) = (await host.AdminTokenAsync(), await host.CreatePersonAsync());

        var refused = await host.RowsOfAsync(admin, () => SubmitAsync(person.Id, "wrong"), HttpStatusCode.Unauthorized);
        var signedIn = await host.RowsOfAsync(admin, () => SubmitAsync(person.Id, person.Password), HttpStatusCode.OK);

        Assert.Equal($"{person.Id} sign_in {person.Id} REFUSED", Assert.Single(refused).Line(), ignoreCase: true);
        Assert.Equal($"{person.Id} sign_in {person.Id} SUCCESS", Assert.Single(signedIn).Line(), ignoreCase: true);
    }

    private static FormUrlEncodedContent Fields(string username, string password, string service = "web", bool publicComputer = false) => new(
    [
        new("username", username), new("password", password), new("service", service), new("publicComputer", publicComputer ? "true" : ""),
    ]);

    /// <summary>Returns the names of the cookies and of their attributes.</summary>
    private static string CookiesOf(HttpResponseMessage response) => string.Join(
        '\n', SetCookie.AllOf(response.Headers).Select(cookie => $"{cookie.Name} {string.Join(',', cookie.AttributeNames())}").Order(StringComparer.Ordinal));

    /// <summary>Fails unless the response is this page with a message and sets no cookie.</summary>
    private static async Task<string> RefusedAsync(Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var response = await sending;
        await response.ExpectAsync(status);
        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.Matches("<p id=\"problem\"[^>]*>[^<]+</p>", page);
        Assert.False(response.Headers.Contains("Set-Cookie"), "A refusal sets no cookie");
        Assert.True(AuthCalls.IsNoStore(response.Headers));
        return page;
    }

    private Task<HttpResponseMessage> SubmitAsync(string username, string password, bool publicComputer = false) => host.SendAsync(
        HttpMethod.Post, Path, json: Fields(username, password, "web", publicComputer), headers: [("Accept", "text/html"), ("Origin", AuthHost.Origin)]);

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : SignInFormTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : SignInFormTests(store.Host);
}
